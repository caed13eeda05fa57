//! Products of a row-major matrix with vectors.
use crate::real::Real;
use crate::rows;
use crate::threads::{Shared, share, share_out};
use pulp::{Arch, Simd, WithSimd};

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

/// y += alpha A^T x for the columns of A that begin with `first`, as many as y has elements; A has as many rows as x elements.
pub struct Transposed<'a, T> {
    pub alpha: T,
    pub a: &'a [T],
    /// How many columns A has.
    pub n: usize,
    pub first: usize,
    pub x: &'a [T],
    pub y: &'a mut [T],
}

impl<T: Real> WithSimd for Transposed<'_, T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            alpha,
            a,
            n,
            first,
            x,
            y,
        } = self;
        let (blocks, rest) = x.as_chunks::<TOGETHER>();
        for (block_of_y, to) in y.chunks_mut(COLUMNS).enumerate() {
            let from = first + block_of_y * COLUMNS;
            for (b, x) in blocks.iter().enumerate() {
                let mut factors = *x;
                for factor in &mut factors {
                    *factor = alpha.times(*factor);
                }
                let rows = block(a, n, b * TOGETHER, from, to.len());
                rows::combine::<T, S, TOGETHER>(simd, rows, factors, to);
            }
            for (i, x) in rest.iter().enumerate() {
                let [row] = block(a, n, blocks.len() * TOGETHER + i, from, to.len());
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

/// Elements of a matrix from which on two threads take less time than one.
const WORTH_SHARING: usize = 1 << 18;

/// Columns of a part of the transposed product: lines of the cache.
const LINE: usize = 16;

fn helped(threads: usize, elements: usize) -> usize {
    if elements < WORTH_SHARING { 1 } else { threads }
}

/// y += alpha op(A) x by up to `threads` threads, with the bits of one; A has n columns.
#[allow(clippy::too_many_arguments)]
pub fn multiply<T: Real>(
    arch: Arch,
    threads: usize,
    transpose: bool,
    n: usize,
    alpha: T,
    a: &[T],
    x: &[T],
    y: &mut [T],
) {
    let threads = helped(threads, a.len());
    if transpose {
        share_out(threads, LINE, y, &|first, y| {
            arch.dispatch(Transposed {
                alpha,
                a,
                n,
                first,
                x,
                y,
            });
        });
    } else {
        share_out(threads, TOGETHER, y, &|first, y| {
            let a = &a[first * n..];
            arch.dispatch(Product { alpha, a, x, y });
        });
    }
}

/// Rows of A whose part of A^T u is summed up by itself, whatever the number of threads, so that the bits do not depend on it.
const APART: usize = 512;

/// ax = A x and atu = A^T u by up to `threads` threads. None where there is no memory for the sums, with nothing changed.
pub fn both(
    arch: Arch,
    threads: usize,
    a: &[f64],
    x: &[f64],
    ax: &mut [f64],
    u: &[f64],
    atu: &mut [f64],
) -> Option<()> {
    let n = x.len();
    let blocks = u.len().div_ceil(APART).max(1);
    let mut sums = Vec::new();
    sums.try_reserve_exact((blocks - 1) * n).ok()?;
    sums.resize((blocks - 1) * n, 0.0);
    atu.fill(0.0);
    let outputs = Shared((ax.as_mut_ptr(), atu.as_mut_ptr(), sums.as_mut_ptr()));
    share(helped(threads, a.len()), blocks, &|block| {
        let (ax, atu, sums) = outputs.get();
        let from = block * APART;
        let u = &u[from..u.len().min(from + APART)];
        // SAFETY: each block has its own part of A x, and its own sums of n numbers: the first one those of the caller
        let (ax, atu) = unsafe {
            let sums = if block == 0 {
                atu
            } else {
                sums.add((block - 1) * n)
            };
            (
                std::slice::from_raw_parts_mut(ax.add(from), u.len()),
                std::slice::from_raw_parts_mut(sums, n),
            )
        };
        let a = &a[from * n..];
        arch.dispatch(Both { a, x, ax, u, atu });
    });
    for sum in sums.chunks(n.max(1)) {
        for (to, value) in atu.iter_mut().zip(sum) {
            *to += value;
        }
    }
    Some(())
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
