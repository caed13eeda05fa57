//! A symmetric matrix that is multiplied again and again, laid out for it.
use crate::gemv::block;
use crate::rows;
use pulp::Simd;
use std::ops::{Deref, DerefMut};

/// Rows and columns together: any vector is full.
const TOGETHER: usize = 8;

/// A line of the cache: no vector of numbers that begin with one lies across two.
#[derive(Clone, Copy)]
#[repr(align(64))]
#[expect(dead_code, reason = "its numbers are read where they lie")]
struct Line([f64; TOGETHER]);

/// Zeros from the beginning of a line on, up to the end of one.
pub struct Lines(Vec<Line>);

impl Lines {
    /// At least `count`; None where there is no memory for them.
    pub fn zeros(count: usize) -> Option<Self> {
        let lines = count.div_ceil(TOGETHER);
        let mut held = Vec::new();
        held.try_reserve_exact(lines).ok()?;
        held.resize(lines, Line([0.0; TOGETHER]));
        Some(Self(held))
    }
}

impl Deref for Lines {
    type Target = [f64];
    #[inline(always)]
    fn deref(&self) -> &[f64] {
        // SAFETY: a line is eight numbers and nothing else
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() * TOGETHER) }
    }
}

impl DerefMut for Lines {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64] {
        // SAFETY: as above
        unsafe {
            std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), self.0.len() * TOGETHER)
        }
    }
}

/// Rows at once where each number is used twice: sums and factors fit the registers of AVX2 too.
const BOTH: usize = 4;

/// Orders up to which all of it lies in the first cache, and is read faster than half of it is used twice.
const MOST_WHOLE: usize = 64;

/// Both triangles, with rows and columns of zeros up to a multiple of `TOGETHER`.
pub struct Mirrored {
    order: usize,
    a: Lines,
}

impl Mirrored {
    /// Of a matrix of order n by its lower triangle; None where there is no memory for it.
    pub fn of(a: &[f64], n: usize) -> Option<Self> {
        let order = n.next_multiple_of(TOGETHER);
        let mut both = Lines::zeros(order * order)?;
        for i in 0..n {
            for j in 0..=i {
                both[i * order + j] = a[i * n + j];
                both[j * order + i] = a[i * n + j];
            }
        }
        Some(Self { order, a: both })
    }

    /// y += A x; both have as many elements as the order, rounded up to lines.
    #[inline(always)]
    pub fn multiply<S: Simd>(&self, simd: S, x: &[f64], y: &mut [f64]) {
        let Self { order, a } = self;
        if *order <= MOST_WHOLE {
            let (blocks, _) = x.as_chunks::<TOGETHER>();
            for (b, factors) in blocks.iter().enumerate() {
                let rows = block(a, *order, b * TOGETHER, 0, *order);
                rows::combine::<f64, S, TOGETHER, false>(simd, rows, *factors, y);
            }
            return;
        }
        for corner in (0..*order).step_by(TOGETHER) {
            let (left, rest) = y.split_at_mut(corner);
            // the block on the diagonal is whole: its own transpose
            let end = corner + TOGETHER;
            let (blocks, _) = x[corner..end].as_chunks::<BOTH>();
            for (b, factors) in blocks.iter().enumerate() {
                let rows = block(a, *order, corner + b * BOTH, 0, end);
                let sums = rows::both::<f64, S, BOTH>(simd, rows, &x[..end], *factors, left);
                for r in 0..BOTH {
                    rest[b * BOTH + r] += sums[r];
                }
            }
        }
    }
}
