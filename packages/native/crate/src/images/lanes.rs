//! The vectors that so many channels are computed in.
use crate::real::Real;
use crate::vectors::arch;
use pulp::{Simd, WithSimd};

/// Runs `work` on the widest vectors of the machine, or on those of eight numbers where there are no more channels: half of a wider one would be idle, and
/// what is computed is the same.
pub fn dispatch<W: WithSimd>(channels: usize, work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if channels <= 8
        && let Some(simd) = crate::vectors::of_256_bits()
    {
        return Simd::vectorize(simd, work);
    }
    let _ = channels;
    arch().dispatch(work)
}

/// The channels of one vector: all of its lanes, or the first of them, which takes longer to be written where there are eight lanes. Of sixteen all go by a mask
/// too: without one the compiler moves such a vector in two halves.
pub struct Lanes<S: Simd> {
    part: Option<<f32 as Real>::Mask<S>>,
}

impl<S: Simd> Clone for Lanes<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Simd> Copy for Lanes<S> {}

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub fn whole(simd: S) -> Self {
        let part = (S::F32_LANES == 16).then(|| <f32 as Real>::mask(simd, 16));
        Self { part }
    }

    /// The first `count` lanes, or all where there are no more.
    #[inline(always)]
    pub fn first(simd: S, count: usize) -> Self {
        if count >= S::F32_LANES {
            return Self::whole(simd);
        }
        let part = Some(<f32 as Real>::mask(simd, count));
        Self { part }
    }

    /// # Safety
    /// As many numbers can be read.
    #[inline(always)]
    pub unsafe fn load(self, simd: S, at: *const f32) -> S::f32s {
        // SAFETY: as the caller promises
        unsafe {
            match self.part {
                None => at.cast::<S::f32s>().read_unaligned(),
                Some(mask) => <f32 as Real>::load(simd, mask, at),
            }
        }
    }

    /// # Safety
    /// As many numbers can be written.
    #[inline(always)]
    pub unsafe fn store(self, simd: S, at: *mut f32, value: S::f32s) {
        // SAFETY: as the caller promises
        unsafe {
            match self.part {
                None => at.cast::<S::f32s>().write_unaligned(value),
                Some(mask) => <f32 as Real>::store(simd, mask, at, value),
            }
        }
    }
}
