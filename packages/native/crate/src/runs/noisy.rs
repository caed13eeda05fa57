//! Runs of gradient descent with noise on the labels, of f_i = sum_j z_ij^3 + slope z_ij, in the pre-activations z, as `noisyPreactivations` of numerics has them.
use super::noisy_narrow::narrow;
use super::padded::{padded, pitch, unpadded};
use crate::lines::Lines;
use pulp::bytemuck::cast_slice_mut;
use pulp::{Simd, WithSimd};

/// Vectors of a block of neurons: the rows of a few dozen data stay in the first cache.
const BLOCK: usize = 8;

/// Data at once: each vector of a row is loaded and stored once for all of them.
const TOGETHER: usize = 4;

pub struct Noisy<'a> {
    pub batch: usize,
    pub slope: f64,
    pub rate: f64,
    pub gram: &'a [f64],
    pub labels: &'a [f64],
    /// Data of all steps, each one of the labels, and the noise on these.
    pub indices: &'a [u32],
    pub epsilon: &'a [f64],
    /// n x m.
    pub z: &'a mut [f64],
    pub coefficients: &'a mut [f64],
}

impl WithSimd for Noisy<'_> {
    /// How many steps; None where there is no memory.
    type Output = Option<usize>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let m = self.z.len() / self.labels.len();
        let pitch = pitch::<S>(m);
        let mut z = padded::<S>(self.z, m)?;
        let mut coefficients = padded::<S>(self.coefficients, m)?;
        let mut last = simd.splat_f64s(0.0);
        let rest = m - (pitch - 1) * S::F64_LANES;
        cast_slice_mut::<S::f64s, f64>(std::slice::from_mut(&mut last))[..rest].fill(1.0);
        let state = State {
            z: &mut z,
            coefficients: &mut coefficients,
            last,
        };
        let taken = match (self.batch, pitch) {
            (1, 1) => narrow::<S, 1>(simd, &self, state),
            (1, 2) => narrow::<S, 2>(simd, &self, state),
            (1, 3) => narrow::<S, 3>(simd, &self, state),
            (1, 4) => narrow::<S, 4>(simd, &self, state),
            _ => self.run(simd, pitch, state)?,
        };
        unpadded::<S>(&z, m, self.z);
        unpadded::<S>(&coefficients, m, self.coefficients);
        Some(taken)
    }
}

/// What moves.
pub struct State<'a, S: Simd> {
    /// n rows of whole vectors.
    pub z: &'a mut [S::f64s],
    pub coefficients: &'a mut [S::f64s],
    /// 1 for each neuron of the last vector of a row: what is none stays 0.
    pub last: S::f64s,
}

impl Noisy<'_> {
    #[inline(always)]
    fn run<S: Simd>(
        &self,
        simd: S,
        pitch: usize,
        State {
            z,
            coefficients,
            last,
        }: State<'_, S>,
    ) -> Option<usize> {
        let batch = self.batch;
        let mut slopes = Lines::<S::f64s>::zeros(batch.checked_mul(pitch)?)?;
        let mut residuals = Lines::<f64>::zeros(batch)?;
        let share = self.rate / batch as f64;
        let mut taken = 0;
        let steps = self.indices.len() / batch;
        'steps: while taken < steps {
            let chosen = &self.indices[taken * batch..][..batch];
            let noise = &self.epsilon[taken * batch..][..batch];
            for b in 0..batch {
                let i = chosen[b] as usize;
                let to = &mut slopes[b * pitch..][..pitch];
                let f = sweep(simd, self.slope, &z[i * pitch..][..pitch], to);
                to[pitch - 1] = simd.mul_f64s(last, to[pitch - 1]);
                let r = f - self.labels[i] - noise[b];
                if !(r * r).is_finite() {
                    break 'steps;
                }
                residuals[b] = share * r;
            }
            for b in 0..batch {
                let scale = simd.splat_f64s(residuals[b]);
                let kept = &mut coefficients[chosen[b] as usize * pitch..][..pitch];
                let row = &mut slopes[b * pitch..][..pitch];
                for j in 0..pitch {
                    row[j] = simd.mul_f64s(scale, row[j]);
                    kept[j] = simd.add_f64s(kept[j], row[j]);
                }
            }
            let whole = batch - batch % TOGETHER;
            for from in (0..pitch).step_by(BLOCK) {
                let block = [from, pitch.min(from + BLOCK), pitch];
                for b in (0..whole).step_by(TOGETHER) {
                    let chosen = &chosen[b..][..TOGETHER];
                    move_by::<S, TOGETHER>(simd, self.gram, chosen, &slopes[b * pitch..], block, z);
                }
                for b in whole..batch {
                    move_by::<S, 1>(
                        simd,
                        self.gram,
                        &chosen[b..=b],
                        &slopes[b * pitch..],
                        block,
                        z,
                    );
                }
            }
            taken += 1;
        }
        Some(taken)
    }
}

/// The sum of the values of a row; their slopes go to `to`. What is no neuron has the value 0.
#[inline(always)]
pub fn sweep<S: Simd>(simd: S, slope: f64, row: &[S::f64s], to: &mut [S::f64s]) -> f64 {
    let (slope, three) = (simd.splat_f64s(slope), simd.splat_f64s(3.0));
    let mut sums = [simd.splat_f64s(0.0); 4];
    let (rows, row) = row.as_chunks::<4>();
    let (tos, to) = to.as_chunks_mut::<4>();
    for (z, to) in rows.iter().zip(tos) {
        for q in 0..4 {
            let square = simd.mul_f64s(z[q], z[q]);
            sums[q] = simd.mul_add_e_f64s(z[q], simd.add_f64s(square, slope), sums[q]);
            to[q] = simd.mul_add_e_f64s(three, square, slope);
        }
    }
    for (z, to) in row.iter().zip(to) {
        let square = simd.mul_f64s(*z, *z);
        sums[0] = simd.mul_add_e_f64s(*z, simd.add_f64s(square, slope), sums[0]);
        *to = simd.mul_add_e_f64s(three, square, slope);
    }
    let sum = simd.add_f64s(
        simd.add_f64s(sums[0], sums[1]),
        simd.add_f64s(sums[2], sums[3]),
    );
    simd.reduce_sum_f64s(sum)
}

/// z_k -= gram_ik times the row of datum i, for all k and R data, in a block of the neurons.
#[inline(always)]
fn move_by<S: Simd, const R: usize>(
    simd: S,
    gram: &[f64],
    chosen: &[u32],
    rows: &[S::f64s],
    [from, end, pitch]: [usize; 3],
    z: &mut [S::f64s],
) {
    let n = z.len() / pitch;
    let mut parts = [&rows[..0]; R];
    let mut products = [&gram[..0]; R];
    for r in 0..R {
        parts[r] = &rows[r * pitch + from..r * pitch + end];
        products[r] = &gram[chosen[r] as usize * n..][..n];
    }
    for k in 0..n {
        let to = &mut z[k * pitch + from..k * pitch + end];
        let mut factors = [simd.splat_f64s(0.0); R];
        for r in 0..R {
            factors[r] = simd.splat_f64s(-products[r][k]);
        }
        for j in 0..end - from {
            let mut value = to[j];
            for r in 0..R {
                value = simd.mul_add_e_f64s(factors[r], parts[r][j], value);
            }
            to[j] = value;
        }
    }
}
