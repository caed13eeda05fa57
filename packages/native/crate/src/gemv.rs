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

/// Bytes of a matrix that the caches no longer hold.
const FAR: usize = 12 << 20;

/// Whether lines of the matrix are to be asked for ahead: what lies in a cache comes by itself, and soon enough.
pub fn is_far<T>(a: &[T]) -> bool {
    size_of_val(a) > FAR
}

/// R rows from row i on of a matrix with n columns: `length` elements of each, from column `from` on.
#[inline(always)]
pub fn block<T, const R: usize>(
    a: &[T],
    n: usize,
    i: usize,
    from: usize,
    length: usize,
) -> [&[T]; R] {
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
    pub is_far: bool,
}

impl<T: Real> WithSimd for Product<'_, T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            alpha,
            a,
            x,
            y,
            is_far,
        } = self;
        let n = x.len();
        let (blocks, rest) = y.as_chunks_mut::<TOGETHER>();
        let first = blocks.len() * TOGETHER;
        for (b, to) in blocks.iter_mut().enumerate() {
            let rows = block(a, n, b * TOGETHER, 0, n);
            let sums = if is_far {
                rows::dots::<T, S, TOGETHER, true>(simd, rows, x)
            } else {
                rows::dots::<T, S, TOGETHER, false>(simd, rows, x)
            };
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
    pub is_far: bool,
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
            is_far,
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
                if is_far {
                    rows::combine::<T, S, TOGETHER, true>(simd, rows, factors, to);
                } else {
                    rows::combine::<T, S, TOGETHER, false>(simd, rows, factors, to);
                }
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
const WORTH_SHARING: usize = 1 << 17;

/// Columns of a part of the transposed product: lines of the cache.
const LINE: usize = 16;

fn helped(threads: usize, elements: usize) -> usize {
    if elements < WORTH_SHARING { 1 } else { threads }
}

/// Blocks of rows at most, each with a sum of its own, and rows of one at least.
const BLOCKS: usize = 4;
const FEWEST: usize = 256;

/// Columns up to which such sums are worth their memory: rows of more are long enough for threads to take a part of each.
const NARROW: usize = 2 * COLUMNS;

/// Rows of a block, the same whatever the number of threads, so that the bits do not depend on it.
fn rows_of_block(m: usize) -> usize {
    m.div_ceil(BLOCKS).next_multiple_of(TOGETHER).max(FEWEST)
}

/// `sum_of_parts` of the m rows in blocks.
pub fn sum_of_blocks<T: Real>(
    threads: usize,
    elements: usize,
    m: usize,
    beta: T,
    y: &mut [T],
    work: &(dyn Fn(usize, usize, &mut [T]) + Sync),
) -> Option<()> {
    let rows = rows_of_block(m);
    let blocks = m.div_ceil(rows).max(1);
    let begins: Vec<usize> = (0..=blocks).map(|block| m.min(block * rows)).collect();
    sum_of_parts(threads, elements, &begins, beta, y, work)
}

/// y = beta y + the sum over the parts of the rows of a matrix of `elements` of what `work` adds for those from a first one on, as many as it is told; parts begin at
/// `begins`, where the last one ends too. None where there is no memory for the sums, with nothing changed.
fn sum_of_parts<T: Real>(
    threads: usize,
    elements: usize,
    begins: &[usize],
    beta: T,
    y: &mut [T],
    work: &(dyn Fn(usize, usize, &mut [T]) + Sync),
) -> Option<()> {
    let (n, parts) = (y.len(), begins.len() - 1);
    let mut sums = Vec::new();
    sums.try_reserve_exact((parts - 1) * n).ok()?;
    sums.resize((parts - 1) * n, T::default());
    scale(beta, y);
    let outputs = Shared((y.as_mut_ptr(), sums.as_mut_ptr()));
    share(helped(threads, elements), parts, &|part| {
        let (y, sums) = outputs.get();
        // SAFETY: each part has its own sums of n numbers, the first one those of the caller
        let sum = unsafe {
            let at = if part == 0 {
                y
            } else {
                sums.add((part - 1) * n)
            };
            std::slice::from_raw_parts_mut(at, n)
        };
        work(begins[part], begins[part + 1] - begins[part], sum);
    });
    for sum in sums.chunks(n.max(1)) {
        for (to, value) in y.iter_mut().zip(sum) {
            *to = to.add(*value);
        }
    }
    Some(())
}

/// y = alpha op(A) x + beta y by up to `threads` threads, with the bits of one; A has n columns. None where there is no memory, with nothing changed.
#[allow(clippy::too_many_arguments)]
pub fn multiply<T: Real>(
    arch: Arch,
    threads: usize,
    transpose: bool,
    n: usize,
    alpha: T,
    a: &[T],
    x: &[T],
    beta: T,
    y: &mut [T],
) -> Option<()> {
    let (is_far, helpers) = (is_far(a), helped(threads, a.len()));
    let part = |first: usize, a: &[T], x: &[T], y: &mut [T]| {
        arch.dispatch(Transposed {
            alpha,
            a,
            n,
            first,
            x,
            y,
            is_far,
        });
    };
    if transpose && n <= NARROW {
        return sum_of_blocks(threads, a.len(), x.len(), beta, y, &|from, count, sum| {
            part(0, &a[from * n..], &x[from..from + count], sum);
        });
    }
    scale(beta, y);
    if transpose {
        share_out(helpers, LINE, y, &|first, y| part(first, a, x, y));
    } else {
        share_out(helpers, TOGETHER, y, &|first, y| {
            let a = &a[first * n..];
            arch.dispatch(Product {
                alpha,
                a,
                x,
                y,
                is_far,
            });
        });
    }
    Some(())
}

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
    let products = Shared(ax.as_mut_ptr());
    sum_of_blocks(threads, a.len(), u.len(), 0.0, atu, &|from, count, atu| {
        // SAFETY: each block has its own part of A x
        let ax = unsafe { std::slice::from_raw_parts_mut(products.get().add(from), count) };
        let (a, u) = (&a[from * n..], &u[from..from + count]);
        arch.dispatch(Both { a, x, ax, u, atu });
    })
}

/// y = A x + y from the lower triangle of a symmetric matrix of order n, by up to `threads` threads, with the bits of one. None where there is no memory for the
/// sums, with nothing changed.
pub fn symmetric(
    arch: Arch,
    threads: usize,
    n: usize,
    a: &[f64],
    x: &[f64],
    y: &mut [f64],
) -> Option<()> {
    sum_of_parts(
        threads,
        n * n / 2,
        &triangle(n),
        1.0,
        y,
        &|from, count, y| {
            let end = from + count;
            arch.dispatch(SymmetricRows {
                n,
                a,
                x,
                from,
                end,
                y,
            });
        },
    )
}

/// Rows at which parts of about as many elements of a triangle begin, multiples of the rows that are done at once, and where the last one ends.
fn triangle(n: usize) -> Vec<usize> {
    let parts = if n < FEWEST { 1 } else { BLOCKS };
    let row = |part: usize| {
        let share = (part as f64 / parts as f64).sqrt();
        ((n as f64 * share) as usize).next_multiple_of(BOTH).min(n)
    };
    (0..parts).map(row).chain([n]).collect()
}

/// What rows `from` to `end` - 1 of the lower triangle add to y.
struct SymmetricRows<'a> {
    n: usize,
    a: &'a [f64],
    x: &'a [f64],
    from: usize,
    end: usize,
    y: &'a mut [f64],
}

impl WithSimd for SymmetricRows<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            n,
            a,
            x,
            from,
            end,
            y,
        } = self;
        let whole = end - (end - from) % BOTH;
        for i in (from..whole).step_by(BOTH) {
            let mut factors = [0.0; BOTH];
            factors.copy_from_slice(&x[i..i + BOTH]);
            let sums = rows::both(simd, block(a, n, i, 0, i), &x[..i], factors, y);
            for r in 0..BOTH {
                y[i + r] += sums[r];
            }
            corner(a, n, i, i + BOTH, x, y);
        }
        for i in whole..end {
            let left = [&a[i * n..i * n + whole]];
            let [sum] = rows::both(simd, left, &x[..whole], [x[i]], y);
            y[i] += sum;
        }
        corner(a, n, whole, end, x, y);
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
