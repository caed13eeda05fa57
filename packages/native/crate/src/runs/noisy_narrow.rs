//! One datum a step of a few neurons: the slopes of a row stay in registers between its value and the step, which would else wait for memory three times.
use super::noisy::{Noisy, State};
use super::padded::Part;
use pulp::Simd;

/// How many steps; rows have P vectors.
#[inline(always)]
pub fn narrow<S: Simd, const P: usize>(simd: S, noisy: &Noisy<'_>, state: State<'_, S>) -> usize {
    let n = noisy.labels.len();
    let (rows, _) = state.z.as_chunks_mut::<P>();
    let (kept, _) = state.coefficients.as_chunks_mut::<P>();
    let (rows, kept) = (&mut rows[..n], &mut kept[..n]);
    for (step, (index, noise)) in noisy.indices.iter().zip(noisy.epsilon).enumerate() {
        let i = *index as usize;
        let (f, mut slopes) = look(simd, noisy.slope, &rows[i]);
        slopes[P - 1] = simd.mul_f64s(state.last, slopes[P - 1]);
        let r = f - noisy.labels[i] - noise;
        if !(r * r).is_finite() {
            return step;
        }
        let scale = simd.splat_f64s(noisy.rate * r);
        for (slope, kept) in slopes.iter_mut().zip(&mut kept[i]) {
            *slope = simd.mul_f64s(scale, *slope);
            *kept = simd.add_f64s(*kept, *slope);
        }
        for (row, product) in rows.iter_mut().zip(&noisy.gram[i * n..][..n]) {
            let factor = simd.splat_f64s(-product);
            for (z, slope) in row.iter_mut().zip(&slopes) {
                *z = simd.mul_add_e_f64s(factor, *slope, *z);
            }
        }
    }
    noisy.indices.len()
}

/// The sum of the values of a row, and their slopes.
#[inline(always)]
fn look<S: Simd, const P: usize>(simd: S, slope: f64, row: &Part<S, P>) -> (f64, Part<S, P>) {
    let (slope, three) = (simd.splat_f64s(slope), simd.splat_f64s(3.0));
    let mut slopes = *row;
    let mut sums = [simd.splat_f64s(0.0); 2];
    for (p, z) in row.iter().enumerate() {
        let square = simd.mul_f64s(*z, *z);
        sums[p % 2] = simd.mul_add_e_f64s(*z, simd.add_f64s(square, slope), sums[p % 2]);
        slopes[p] = simd.mul_add_e_f64s(three, square, slope);
    }
    let f = simd.reduce_sum_f64s(simd.add_f64s(sums[0], sums[1]));
    (f, slopes)
}
