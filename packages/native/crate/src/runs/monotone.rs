//! Whole runs of projected descent and of extragradient in bilinear games, as `descendMonotone` of numerics has them.
//!
//! The operator of a run is `V(z) = (A (y - y*), -A^T (x - x*)) + e + strength (z - c)`, with numbers of its own.
use super::lanes::Many;
use super::monotone_several::several;
use super::monotone_single::single;
use super::sets::Set;
use pulp::{Simd, WithSimd};

/// What the runs of a call have in common.
#[derive(Clone, Copy)]
pub struct Steps {
    pub is_extra: bool,
    pub count: usize,
    pub rows: usize,
    pub columns: usize,
    pub sets: [Set; 2],
    pub step: f64,
    pub strength: f64,
    pub until: f64,
    pub modulus: f64,
    pub doubt: f64,
    pub goal: f64,
    pub slack: f64,
    pub accuracy: f64,
    pub has_saddle: bool,
    pub has_center: bool,
}

impl Steps {
    pub fn size(&self) -> usize {
        self.rows + self.columns
    }

    /// Numbers of a problem: A, the saddle and the center.
    pub fn of_problem(&self) -> usize {
        self.rows * self.columns + 2 * self.size()
    }

    pub fn queries(&self) -> usize {
        if self.is_extra {
            2 * self.count
        } else {
            self.count
        }
    }
}

/// Runs one after the other: of each the problem; the errors, of one query or of all; the point, the sum and the compensation of the mean; and the best candidate, its residual
/// ahead of it.
pub struct Games<'a> {
    pub steps: Steps,
    pub runs: usize,
    pub problems: &'a [f64],
    pub errors: &'a [f64],
    pub points: &'a mut [f64],
    pub bests: &'a mut [f64],
}

impl WithSimd for Games<'_> {
    /// How many steps, and whether the next one settles all residuals; None where there is no memory.
    type Output = Option<(usize, bool)>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        if self.runs > 1 {
            several(Many(simd), self)
        } else {
            let longest = self.steps.rows.max(self.steps.columns);
            match longest.div_ceil(S::F64_LANES) {
                1 => single::<S, 1>(simd, self),
                2 => single::<S, 2>(simd, self),
                3..=4 => single::<S, 4>(simd, self),
                5..=8 => single::<S, 8>(simd, self),
                _ => several(Many(simd), self),
            }
        }
    }
}
