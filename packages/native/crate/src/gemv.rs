//! Products of a row-major matrix with vectors.
use crate::real::Real;
use crate::rows;
use pulp::{Simd, WithSimd};

/// Rows at once: as many loads are under way, and as many sums in registers.
const TOGETHER: usize = 8;

/// Rows at once where each is used twice: half as many, so that sums and factors fit the registers of AVX2 too.
const BOTH: usize = 4;

/// Columns of a block of the transposed product, whose part of y stays in the first cache.
const COLUMNS: usize = 2048;

/// R rows from row i on of a matrix with n columns: `length` elements of each, from column `from` on.
#[inline(always)]
fn block<T, const R: usize>(a: &[T], n: usize, i: usize, from: usize, length: usize) -> [&[T]; R] {
    let mut rows = [&a[..0]; R];
    for r in 0..R {
        rows[r] = &a[(i + r) * n + from..][..length];
    }
    rows
}

/// y = beta y, which is not read where beta is 0.
pub fn scale<T: Real>(beta: T, y: &mut [T]) {
    if beta == T::default() {
        y.fill(T::default());
    } else if beta != T::ONE {
        for value in y {
            *value = value.times(beta);
        }
    }
}

/// y += alpha A x; A has as many rows as y elements.
pub struct Product<'a, T> {
    pub alpha: T,
    pub a: &'a [T],
    pub x: &'a [T],
    pub y: &'a mut [T],
}

impl<T: Real> WithSimd for Product<'_, T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { alpha, a, x, y } = self;
        let n = x.len();
        let (blocks, rest) = y.as_chunks_mut::<TOGETHER>();
        let first = blocks.len() * TOGETHER;
        for (b, to) in blocks.iter_mut().enumerate() {
            let sums = rows::dots::<T, S, TOGETHER>(simd, block(a, n, b * TOGETHER, 0, n), x);
            for (to, sum) in to.iter_mut().zip(sums) {
                *to = to.add(alpha.times(sum));
            }
        }
        for (i, to) in rest.iter_mut().enumerate() {
            let [row] = block(a, n, first + i, 0, n);
            *to = to.add(alpha.times(rows::dot(simd, row, x)));
        }
    }
}

/// y += alpha A^T x; A has as many rows as x elements.
pub struct Transposed<'a, T> {
    pub alpha: T,
    pub a: &'a [T],
    pub x: &'a [T],
    pub y: &'a mut [T],
}

impl<T: Real> WithSimd for Transposed<'_, T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { alpha, a, x, y } = self;
        let n = y.len();
        let (blocks, rest) = x.as_chunks::<TOGETHER>();
        let first = blocks.len() * TOGETHER;
        for from in (0..n).step_by(COLUMNS) {
            let to = &mut y[from..n.min(from + COLUMNS)];
            for (b, x) in blocks.iter().enumerate() {
                let mut factors = *x;
                for factor in &mut factors {
                    *factor = alpha.times(*factor);
                }
                let rows = block(a, n, b * TOGETHER, from, to.len());
                rows::combine::<T, S, TOGETHER>(simd, rows, factors, to);
            }
            for (i, x) in rest.iter().enumerate() {
                let [row] = block(a, n, first + i, from, to.len());
                rows::add(simd, alpha.times(*x), row, to);
            }
        }
    }
}

/// ax = A x and atu += A^T u in one pass over A.
pub struct Both<'a> {
    pub a: &'a [f64],
    pub x: &'a [f64],
    pub ax: &'a mut [f64],
    pub u: &'a [f64],
    pub atu: &'a mut [f64],
}

impl WithSimd for Both<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { a, x, ax, u, atu } = self;
        let n = x.len();
        let (blocks, rest) = ax.as_chunks_mut::<BOTH>();
        let (factors, last) = u.as_chunks::<BOTH>();
        let first = blocks.len() * BOTH;
        for (b, (to, factors)) in blocks.iter_mut().zip(factors).enumerate() {
            *to = rows::both(simd, block(a, n, b * BOTH, 0, n), x, *factors, atu);
        }
        for (i, (to, factor)) in rest.iter_mut().zip(last).enumerate() {
            [*to] = rows::both::<f64, S, 1>(simd, block(a, n, first + i, 0, n), x, [*factor], atu);
        }
    }
}

/// y = A x + y from the lower triangle of a symmetric matrix of order n.
pub struct SymmetricProduct<'a> {
    pub n: usize,
    pub a: &'a [f64],
    pub x: &'a [f64],
    pub y: &'a mut [f64],
}

impl WithSimd for SymmetricProduct<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { n, a, x, y } = self;
        let whole = n - n % BOTH;
        for i in (0..whole).step_by(BOTH) {
            let mut factors = [0.0; BOTH];
            factors.copy_from_slice(&x[i..i + BOTH]);
            let sums = rows::both(simd, block(a, n, i, 0, i), &x[..i], factors, y);
            for r in 0..BOTH {
                y[i + r] += sums[r];
            }
            corner(a, n, i, i + BOTH, x, y);
        }
        for i in whole..n {
            let left = [&a[i * n..i * n + whole]];
            let [sum] = rows::both(simd, left, &x[..whole], [x[i]], y);
            y[i] += sum;
        }
        corner(a, n, whole, n, x, y);
    }
}

/// y += A x for the lower triangle of the block of rows and columns `from` to `end` - 1.
#[inline(always)]
fn corner(a: &[f64], n: usize, from: usize, end: usize, x: &[f64], y: &mut [f64]) {
    for i in from..end {
        let row = &a[i * n..(i + 1) * n];
        let mut sum = row[i] * x[i];
        for j in from..i {
            sum += row[j] * x[j];
            y[j] += row[j] * x[i];
        }
        y[i] += sum;
    }
}
