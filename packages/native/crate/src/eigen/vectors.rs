//! Eigenvectors of a rank-one update from its roots.
//!
//! Source: Gu and Eisenstat (1994): weights recomputed from the roots make the vectors orthogonal however close the eigenvalues are.
use pulp::{Simd, WithSimd};

/// The weights for which the computed roots are exact (Loewner's formula), with the signs of the given ones, at the places of `poles`: whole
/// vectors of them, padded by infinities.
pub struct Weights<'a> {
    pub poles: &'a [f64],
    /// The same poles, ascending, and the roots.
    pub ascending: &'a [f64],
    pub near: &'a [f64],
    pub tau: &'a [f64],
    /// The given ones become the exact ones.
    pub weights: &'a mut [f64],
}

impl WithSimd for Weights<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            poles,
            ascending,
            near,
            tau,
            weights,
        } = self;
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let poles = S::as_simd_f64s(poles).0;
        let weights = S::as_mut_simd_f64s(weights).0;
        for (pole, weight) in poles.iter().zip(weights) {
            let mut product = one;
            for (other, (near, tau)) in ascending.iter().zip(near.iter().zip(tau)) {
                let gap = simd.sub_f64s(*pole, simd.splat_f64s(*other));
                let to_root = simd.sub_f64s(*pole, simd.splat_f64s(*near));
                let to_root = simd.sub_f64s(to_root, simd.splat_f64s(*tau));
                let gap = simd.select_f64s(simd.equal_f64s(gap, zero), one, gap);
                product = simd.mul_f64s(product, simd.div_f64s(to_root, gap));
            }
            let size = simd.max_f64s(product, simd.sub_f64s(zero, product));
            let size = simd.sqrt_f64s(size);
            let is_negative = simd.less_than_f64s(*weight, zero);
            *weight = simd.select_f64s(is_negative, simd.sub_f64s(zero, size), size);
        }
    }
}

/// Unit eigenvectors, one in each row of whole vectors: coordinate i is that of pole i.
pub struct Vectors<'a> {
    pub poles: &'a [f64],
    pub weights: &'a [f64],
    /// The roots whose vectors are asked for.
    pub near: &'a [f64],
    pub tau: &'a [f64],
    pub rows: &'a mut [f64],
}

impl WithSimd for Vectors<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            poles,
            weights,
            near,
            tau,
            rows,
        } = self;
        let width = poles.len();
        let poles = S::as_simd_f64s(poles).0;
        let weights = S::as_simd_f64s(weights).0;
        for (row, (near, tau)) in rows.chunks_exact_mut(width).zip(near.iter().zip(tau)) {
            let (near, tau) = (simd.splat_f64s(*near), simd.splat_f64s(*tau));
            let row = S::as_mut_simd_f64s(row).0;
            let mut squares = simd.splat_f64s(0.0);
            for (to, (pole, weight)) in row.iter_mut().zip(poles.iter().zip(weights)) {
                let gap = simd.sub_f64s(simd.sub_f64s(*pole, near), tau);
                *to = simd.div_f64s(*weight, gap);
                squares = simd.mul_add_e_f64s(*to, *to, squares);
            }
            let factor = simd.splat_f64s(1.0 / simd.reduce_sum_f64s(squares).sqrt());
            for to in row {
                *to = simd.mul_f64s(*to, factor);
            }
        }
    }
}
