//! float64 and float32 on the widest vectors of the machine, as one trait.
use crate::gemm::Product;
use pulp::{MemMask, Simd};

pub trait Real: Copy + PartialOrd + Default + Send + Sync + 'static {
    type Vector<S: Simd>: Copy;
    type Mask<S: Simd>: Copy;
    const ONE: Self;
    fn from_double(value: f64) -> Self;
    /// # Safety
    /// As `gemm::multiply`.
    unsafe fn product(product: Product<Self>);
    fn add(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;
    /// a b + c, rounded once or twice.
    fn multiply_add<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;
    fn plus<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    fn sum<S: Simd>(simd: S, a: Self::Vector<S>) -> Self;
    /// The first `count` lanes, fewer than there are. One for all rows: to make it costs as much as a load.
    fn mask<S: Simd>(simd: S, count: usize) -> Self::Mask<S>;
    /// The lanes of the mask, and zeros.
    ///
    /// # Safety
    /// The elements in the lanes of the mask can be read.
    unsafe fn load<S: Simd>(simd: S, mask: Self::Mask<S>, at: *const Self) -> Self::Vector<S>;
    /// # Safety
    /// The elements in the lanes of the mask can be written.
    unsafe fn store<S: Simd>(simd: S, mask: Self::Mask<S>, at: *mut Self, value: Self::Vector<S>);
}

macro_rules! real {
    ($type:ident, $vector:ident, $mask:ident, $splat:ident, $fused:ident, $add:ident, $sum:ident,
     $between:ident, $load:ident, $store:ident, $product:path) => {
        impl Real for $type {
            type Vector<S: Simd> = S::$vector;
            type Mask<S: Simd> = MemMask<S::$mask>;
            const ONE: Self = 1.0;
            #[inline(always)]
            fn from_double(value: f64) -> Self {
                value as $type
            }
            unsafe fn product(product: Product<Self>) {
                unsafe { $product(product) }
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                self * other
            }
            #[inline(always)]
            fn splat<S: Simd>(simd: S, value: Self) -> S::$vector {
                simd.$splat(value)
            }
            #[inline(always)]
            fn multiply_add<S: Simd>(
                simd: S,
                a: S::$vector,
                b: S::$vector,
                c: S::$vector,
            ) -> S::$vector {
                simd.$fused(a, b, c)
            }
            #[inline(always)]
            fn plus<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$add(a, b)
            }
            #[inline(always)]
            fn sum<S: Simd>(simd: S, a: S::$vector) -> Self {
                simd.$sum(a)
            }
            #[inline(always)]
            fn mask<S: Simd>(simd: S, count: usize) -> MemMask<S::$mask> {
                // a plain mask: what pulp brings along with its own are jumps
                MemMask::new(simd.$between(0, count as _).mask())
            }
            #[inline(always)]
            unsafe fn load<S: Simd>(
                simd: S,
                mask: MemMask<S::$mask>,
                at: *const Self,
            ) -> S::$vector {
                unsafe { simd.$load(mask, at) }
            }
            #[inline(always)]
            unsafe fn store<S: Simd>(
                simd: S,
                mask: MemMask<S::$mask>,
                at: *mut Self,
                value: S::$vector,
            ) {
                unsafe { simd.$store(mask, at, value) }
            }
        }
    };
}

real!(
    f64,
    f64s,
    m64s,
    splat_f64s,
    mul_add_e_f64s,
    add_f64s,
    reduce_sum_f64s,
    mask_between_m64s,
    mask_load_ptr_f64s,
    mask_store_ptr_f64s,
    crate::gemm::double
);
real!(
    f32,
    f32s,
    m32s,
    splat_f32s,
    mul_add_e_f32s,
    add_f32s,
    reduce_sum_f32s,
    mask_between_m32s,
    mask_load_ptr_f32s,
    mask_store_ptr_f32s,
    crate::gemm::single
);
