//! One datum a step of a few neurons: the slopes of a row stay in registers between its value and the step, which would else wait for memory three times.
use super::noisy::{Noisy, State, sweep};
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
        let mut slopes = rows[i];
        let f = sweep(simd, noisy.slope, &rows[i], &mut slopes);
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
