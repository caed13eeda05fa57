//! A = L L^T by blocks of columns: each waits for the products of all columns before it, then for those of its own.
use crate::gemm::{Sizes, Strided, multiply};
use crate::threads::{Shared, share};
use pulp::{Arch, Simd, WithSimd};

/// Columns of a block.
const WIDTH: usize = 48;

/// Rows of a part of a product, the same on any number of threads.
const ROWS: usize = 256;

/// Multiply-adds of a block from which on two threads take less time than one.
const WORTH_SHARING: usize = 1 << 20;

/// Vectors of rows at once.
const GROUPS: usize = 4;

/// The square of a block on the diagonal, turned: row p is column p of L.
type Square = [[f64; WIDTH]; WIDTH];

/// Makes L of the square; the column whose pivot is not positive where there is one.
struct Corner<'a> {
    width: usize,
    square: &'a mut Square,
}

impl WithSimd for Corner<'_> {
    type Output = Option<usize>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Option<usize> {
        let Self { width, square } = self;
        for j in 0..width {
            let pivot = square[j][j];
            if !(pivot > 0.0) {
                return Some(j);
            }
            let root = pivot.sqrt();
            let mut column = square[j];
            for value in &mut column {
                *value /= root;
            }
            column[j] = root;
            square[j] = column;
            for i in j + 1..width {
                let factor = column[i];
                for (to, value) in square[i].iter_mut().zip(&column) {
                    *to -= factor * value;
                }
            }
        }
        None
    }
}

/// Rows below the square, a row of the matrix in a lane: each is multiplied by the inverse of L^T.
struct Below<'a> {
    n: usize,
    width: usize,
    square: &'a Square,
    /// The first row, from the first column of the block on.
    first: *mut f64,
    count: usize,
}

impl WithSimd for Below<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            n,
            width,
            square,
            first,
            count,
        } = self;
        let lanes = S::F64_LANES;
        let mut columns = [[simd.splat_f64s(0.0); GROUPS]; WIDTH];
        for from in (0..count).step_by(GROUPS * lanes) {
            let rows = (count - from).min(GROUPS * lanes);
            let at = columns.as_mut_ptr().cast::<f64>();
            for r in 0..rows {
                for j in 0..width {
                    // SAFETY: row `from + r` has these columns, and lane r of all groups is there
                    unsafe { *at.add(j * GROUPS * lanes + r) = *first.add((from + r) * n + j) };
                }
            }
            for j in 0..width {
                let mut sums = columns[j];
                for p in 0..j {
                    let factor = simd.splat_f64s(square[p][j]);
                    for g in 0..GROUPS {
                        sums[g] = simd.negate_mul_add_e_f64s(factor, columns[p][g], sums[g]);
                    }
                }
                let pivot = simd.splat_f64s(square[j][j]);
                for g in 0..GROUPS {
                    columns[j][g] = simd.div_f64s(sums[g], pivot);
                }
            }
            let at = columns.as_ptr().cast::<f64>();
            for r in 0..rows {
                for j in 0..width {
                    // SAFETY: as above
                    unsafe { *first.add((from + r) * n + j) = *at.add(j * GROUPS * lanes + r) };
                }
            }
        }
    }
}

/// Takes the products of the columns before column k from a block: from the square, which becomes that of the block, and from the rows below.
fn subtract(threads: usize, n: usize, k: usize, width: usize, a: *mut f64, square: &mut Square) {
    let left = Strided::of(a.wrapping_add(k * n).cast_const(), n, false);
    let turned = Strided::of(left.at, n, true);
    let mut products = [0.0; WIDTH * WIDTH];
    let sizes = Sizes {
        m: width,
        n: width,
        k,
    };
    // SAFETY: the columns before column k of some rows
    unsafe { multiply(sizes, 1.0, left, turned, 0.0, products.as_mut_ptr(), WIDTH) };
    for j in 0..width {
        for i in j..width {
            // SAFETY: an element of the lower triangle
            square[j][i] = unsafe { *a.add((k + i) * n + k + j) } - products[i * WIDTH + j];
        }
    }
    let rows = n - k - width;
    let given = Shared((left.at, turned, a));
    let helpers = if rows * width * k < WORTH_SHARING {
        1
    } else {
        threads
    };
    share(helpers, rows.div_ceil(ROWS), &|part| {
        let (left, turned, a) = given.get();
        let from = width + part * ROWS;
        let sizes = Sizes {
            m: ROWS.min(n - k - from),
            n: width,
            k,
        };
        let rows = Strided::of(left.wrapping_add(from * n), n, false);
        // SAFETY: each part has rows of its own, and writes to none of the columns that are read
        unsafe {
            let to = a.add((k + from) * n + k);
            multiply(sizes, -1.0, rows, turned, 1.0, to, n);
        }
    });
}

/// L in place of the lower triangle of A, which has order n; the upper one is neither read nor written. The first column whose pivot is not
/// positive where there is one.
pub fn cholesky(arch: Arch, threads: usize, n: usize, a: &mut [f64]) -> Option<usize> {
    let mut square = [[0.0; WIDTH]; WIDTH];
    for k in (0..n).step_by(WIDTH) {
        let width = WIDTH.min(n - k);
        subtract(threads, n, k, width, a.as_mut_ptr(), &mut square);
        let failed = arch.dispatch(Corner {
            width,
            square: &mut square,
        });
        if let Some(j) = failed {
            return Some(k + j);
        }
        for j in 0..width {
            for i in j..width {
                a[(k + i) * n + k + j] = square[j][i];
            }
        }
        let count = n - k - width;
        if count == 0 {
            break;
        }
        let first = a[(k + width) * n + k..].as_mut_ptr();
        arch.dispatch(Below {
            n,
            width,
            square: &square,
            first,
            count,
        });
    }
    None
}
