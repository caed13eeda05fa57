//! Numbers in whole lines of the cache, which no vector straddles that begins with one.
use pulp::bytemuck::{Pod, Zeroable};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Numbers of a line: rows of so many, or of a multiple, all begin with one.
pub const NUMBERS: usize = 8;

#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Line([f64; NUMBERS]);

// SAFETY: it has the size of its numbers, and any of them are one
unsafe impl Zeroable for Line {}
// SAFETY: as above
unsafe impl Pod for Line {}

/// Numbers, or vectors of them, from the beginning of a line on.
pub struct Lines<N> {
    lines: Vec<Line>,
    count: usize,
    of: PhantomData<N>,
}

impl<N: Pod> Lines<N> {
    /// `count` zeros; None where there is no memory for them.
    pub fn zeros(count: usize) -> Option<Self> {
        let bytes = count.checked_mul(size_of::<N>())?;
        let mut lines = Vec::new();
        lines
            .try_reserve_exact(bytes.div_ceil(size_of::<Line>()))
            .ok()?;
        lines.resize(bytes.div_ceil(size_of::<Line>()), Line::zeroed());
        Some(Self {
            lines,
            count,
            of: PhantomData,
        })
    }
}

impl<N: Pod> Deref for Lines<N> {
    type Target = [N];
    #[inline(always)]
    fn deref(&self) -> &[N] {
        // SAFETY: the lines hold so many, any bits are one, and none needs to begin elsewhere
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.count) }
    }
}

impl<N: Pod> DerefMut for Lines<N> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [N] {
        // SAFETY: as above
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.count) }
    }
}
