//! Products of matrices on parts of larger ones.
use crate::gemv::scale;
use crate::real::Real;
use crate::threads::{Shared, cut, share};
#[cfg(target_arch = "x86_64")]
use crate::vectors::arch;
#[cfg(target_arch = "x86_64")]
use pulp::Arch;

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

    fn transposed(self) -> Self {
        Self {
            at: self.at,
            row: self.column,
            column: self.row,
        }
    }

    fn from_row(self, i: usize) -> Self {
        Self {
            at: self.at.wrapping_offset(i as isize * self.row),
            ..self
        }
    }

    fn from_column(self, j: usize) -> Self {
        Self {
            at: self.at.wrapping_offset(j as isize * self.column),
            ..self
        }
    }
}

/// Multiply-adds from which on two threads take less time than one.
const WORTH_SHARING: usize = 1 << 20;

/// Parts of C begin at multiples of it, and have twice as many rows or columns at least.
const TILE: usize = 16;

/// C of no more rows or columns is not shared: up to here the order of a sum depends on how many there are of both.
const THIN: usize = 64;

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
    // the microkernels write columns of C
    let product = if stride > 1 {
        Product {
            sizes: Sizes { m: n, n: m, k },
            alpha,
            a: b.transposed(),
            b: a.transposed(),
            beta,
            c,
            row: 1,
            column: stride as isize,
        }
    } else {
        Product {
            sizes: Sizes { m, n, k },
            alpha,
            a,
            b,
            beta,
            c,
            row: stride as isize,
            column: 1,
        }
    };
    // SAFETY: as the caller promises
    unsafe { T::product(product) };
}

/// C = alpha A B + beta C, with as many elements from row to row of C and from column to column.
pub struct Product<T> {
    sizes: Sizes,
    alpha: T,
    a: Strided<T>,
    b: Strided<T>,
    beta: T,
    c: *mut T,
    row: isize,
    column: isize,
}

/// A product by the microkernels for vectors of so many lanes.
macro_rules! by {
    ($library:ident, $type:ident, $module:ident, $simd:ident, $lanes:literal, $product:expr) => {{
        use gemm_common::simd::{MixedSimd, $simd};
        use $library::microkernel::$module::$type::{H_M, H_N, H_UKR, MR_DIV_N, NR, UKR};
        let of = $product;
        let simd = <$simd as MixedSimd<$type, $type, $type, $type>>::try_new();
        gemm_common::gemm::gemm_basic_generic::<
            _,
            $type,
            $lanes,
            { MR_DIV_N * $lanes },
            NR,
            MR_DIV_N,
            H_M,
            H_N,
        >(
            simd.expect("the processor has them"),
            of.sizes.m,
            of.sizes.n,
            of.sizes.k,
            of.c,
            of.column,
            of.row,
            of.beta != 0.0,
            of.a.at,
            of.a.column,
            of.a.row,
            of.b.at,
            of.b.column,
            of.b.row,
            of.beta,
            of.alpha,
            false,
            false,
            false,
            |x, y, z| x * y + z,
            &UKR,
            &H_UKR,
            false,
            gemm_common::Parallelism::None,
        )
    }};
}

macro_rules! product {
    ($name:ident, $library:ident, $type:ident, $wide:literal, $half:literal, $quarter:literal) => {
        /// # Safety
        /// As `multiply`.
        pub unsafe fn $name(product: Product<$type>) {
            // SAFETY: as the caller promises
            unsafe {
                #[cfg(target_arch = "x86_64")]
                match arch() {
                    Arch::V4(_) => by!($library, $type, avx512f, V4, $wide, product),
                    Arch::V3(_) => by!($library, $type, fma, V3, $half, product),
                    _ => by!($library, $type, scalar, Scalar, 1, product),
                }
                #[cfg(target_arch = "aarch64")]
                by!($library, $type, neon, Scalar, $quarter, product)
            }
        }
    };
}

product!(double, gemm_f64, f64, 8, 4, 2);
product!(single, gemm_f32, f32, 16, 8, 4);

/// `multiply` by up to `threads` threads, which take parts of the rows of C, or of its columns where it has more of these: each element is computed in
/// the same order on any number of threads.
///
/// # Safety
/// As `multiply`.
#[allow(clippy::too_many_arguments)]
pub unsafe fn multiply_shared<T: Real>(
    threads: usize,
    sizes: Sizes,
    alpha: T,
    a: Strided<T>,
    b: Strided<T>,
    beta: T,
    c: *mut T,
    stride: usize,
) {
    let Sizes { m, n, k } = sizes;
    let is_thin = m.min(n) <= THIN;
    if threads <= 1 || is_thin || m.saturating_mul(n).saturating_mul(k) < WORTH_SHARING {
        // SAFETY: as the caller promises
        unsafe { multiply(sizes, alpha, a, b, beta, c, stride) };
        return;
    }
    let given = Shared((a, b, c));
    let length = m.max(n);
    let parts = threads.min(length / (2 * TILE));
    share(threads, parts, &|part| {
        let (a, b, c) = given.get();
        let from = cut(length, parts, part, TILE);
        let count = cut(length, parts, part + 1, TILE) - from;
        // SAFETY: the parts share no elements of C
        unsafe {
            if m >= n {
                let sizes = Sizes { m: count, n, k };
                let c = c.add(from * stride);
                multiply(sizes, alpha, a.from_row(from), b, beta, c, stride);
            } else {
                let sizes = Sizes { m, n: count, k };
                multiply(
                    sizes,
                    alpha,
                    a,
                    b.from_column(from),
                    beta,
                    c.add(from),
                    stride,
                );
            }
        }
    });
}

/// Rows of a block on the diagonal of a symmetric product: it is computed whole.
const DIAGONAL: usize = 48;

/// C = alpha A A^T + beta C by up to `threads` threads, both triangles, of which only the lower one is read; A is n x k.
///
/// # Safety
/// As `multiply`; C is n x n without gaps.
pub unsafe fn symmetric(
    threads: usize,
    n: usize,
    k: usize,
    alpha: f64,
    a: Strided<f64>,
    beta: f64,
    c: *mut f64,
) {
    let turned = Strided {
        at: a.at,
        row: a.column,
        column: a.row,
    };
    let blocks = n.div_ceil(DIAGONAL);
    let is_shared = n.saturating_mul(n).saturating_mul(k) >= 2 * WORTH_SHARING;
    let given = Shared((a, turned, c));
    share(if is_shared { threads } else { 1 }, blocks, &|part| {
        let (a, turned, c) = given.get();
        // the longest rows first
        let from = (blocks - 1 - part) * DIAGONAL;
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
    });
    for i in 1..n {
        for j in 0..i {
            // SAFETY: both are elements of C
            unsafe { *c.add(j * n + i) = *c.add(i * n + j) };
        }
    }
}
