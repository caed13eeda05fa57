//! Products of matrices on parts of larger ones.
use crate::gemv::scale;
use crate::real::Real;

/// A matrix in memory: its first element, and how far the next row and the next column are.
#[derive(Clone, Copy)]
pub struct Strided<T> {
    pub at: *const T,
    pub row: isize,
    pub column: isize,
}

impl<T> Strided<T> {
    /// op(X) of a row-major X, `stride` elements from row to row.
    pub fn of(at: *const T, stride: usize, transposed: bool) -> Self {
        let stride = stride as isize;
        let (row, column) = if transposed { (1, stride) } else { (stride, 1) };
        Self { at, row, column }
    }

    fn from_row(self, i: usize) -> Self {
        Self {
            at: self.at.wrapping_offset(i as isize * self.row),
            ..self
        }
    }
}

/// The sizes of a product: C is m x n, and k is summed over.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub m: usize,
    pub n: usize,
    pub k: usize,
}

/// C = alpha A B + beta C with `stride` elements from row to row of C, which is not read where beta is 0.
///
/// # Safety
/// The matrices lie in memory that is theirs, and C shares no bytes with A and B.
pub unsafe fn multiply<T: Real>(
    Sizes { m, n, k }: Sizes,
    alpha: T,
    a: Strided<T>,
    b: Strided<T>,
    beta: T,
    c: *mut T,
    stride: usize,
) {
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        for i in 0..m {
            // SAFETY: row i of C, which nothing else uses meanwhile
            scale(beta, unsafe {
                std::slice::from_raw_parts_mut(c.add(i * stride), n)
            });
        }
        return;
    }
    // SAFETY: as the caller promises
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c,
            1,
            stride as isize,
            beta != T::default(),
            a.at,
            a.column,
            a.row,
            b.at,
            b.column,
            b.row,
            beta,
            alpha,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// Rows of a block on the diagonal of a symmetric product: it is computed whole.
const DIAGONAL: usize = 96;

/// C = alpha A A^T + beta C, both triangles, of which only the lower one is read; A is n x k.
///
/// # Safety
/// As `multiply`; C is n x n without gaps.
pub unsafe fn symmetric(n: usize, k: usize, alpha: f64, a: Strided<f64>, beta: f64, c: *mut f64) {
    let turned = Strided {
        at: a.at,
        row: a.column,
        column: a.row,
    };
    for from in (0..n).step_by(DIAGONAL) {
        let end = n.min(from + DIAGONAL);
        let sizes = Sizes {
            m: end - from,
            n: end,
            k,
        };
        // SAFETY: rows `from` to `end` of C, up to the end of their block on the diagonal
        unsafe {
            multiply(
                sizes,
                alpha,
                a.from_row(from),
                turned,
                beta,
                c.add(from * n),
                n,
            )
        };
    }
    for i in 1..n {
        for j in 0..i {
            // SAFETY: both are elements of C
            unsafe { *c.add(j * n + i) = *c.add(i * n + j) };
        }
    }
}
