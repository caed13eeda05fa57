//! The gradient of the positive part.
use crate::real::Real;
use pulp::{Simd, WithSimd};

/// The gradient of the output where the number is positive, times 0 where it is not, and times NaN where it is that.
pub struct Gate<'a> {
    pub numbers: &'a [f32],
    pub dy: &'a [f32],
    pub out: &'a mut [f32],
}

impl WithSimd for Gate<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
        let count = self.out.len();
        let whole = <f32 as Real>::mask(simd, S::F32_LANES);
        let last = <f32 as Real>::mask(simd, count % S::F32_LANES);
        for first in (0..count).step_by(S::F32_LANES) {
            let is_whole = first + S::F32_LANES <= count;
            let mask = if is_whole { whole } else { last };
            // SAFETY: all three have the lanes of the mask
            unsafe {
                let number = <f32 as Real>::load(simd, mask, self.numbers.as_ptr().add(first));
                let gradient = <f32 as Real>::load(simd, mask, self.dy.as_ptr().add(first));
                let rest = simd.select_f32s(simd.equal_f32s(number, number), zero, number);
                let is_positive = simd.greater_than_f32s(number, zero);
                let factor = simd.select_f32s(is_positive, one, rest);
                let to = self.out.as_mut_ptr().add(first);
                <f32 as Real>::store(simd, mask, to, simd.mul_f32s(gradient, factor));
            }
        }
    }
}
