//! Runs of sharpness-aware perturbation on the network p_i = a_i . (u^2 - v^2) with the square loss, as `perturbDiagonal` of numerics has them.
//!
//! Of a run alone the lanes hold coordinates: rows, u and v are padded by zeros to P vectors each, and u and v stay in registers.
use super::lanes::{Many, groups};
use super::padded::{Part, part, part_to, parts};
use super::perturb_several::several;
use super::sets::LEAST;
use crate::lines::Lines;
use pulp::{Simd, WithSimd};

pub const MOST: f64 = 1e300;
/// Below this times the perturbed gradient, the direction of the gradient is rounding noise.
pub const NOISE: f64 = 1e-12;

fn is_safe(sum: f64) -> bool {
    (LEAST..MOST).contains(&sum)
}

/// The network, and the numbers of the method.
pub struct Network<'a> {
    pub rate: f64,
    pub plain_rate: f64,
    pub radius: f64,
    pub threshold: f64,
    pub matrix: &'a [f64],
    pub labels: &'a [f64],
}

impl Network<'_> {
    #[inline(always)]
    pub fn width(&self) -> usize {
        self.matrix.len() / self.labels.len()
    }
}

/// Runs one after the other.
pub struct Perturbed<'a> {
    pub network: Network<'a>,
    pub steps: usize,
    pub runs: usize,
    /// Samples of the perturbed steps, each one of the labels, and their signs.
    pub indices: &'a [u32],
    pub signs: &'a [f64],
    /// Of each run u, then v.
    pub points: &'a mut [f64],
    /// Of each run how many steps it took, and how many of them were perturbed.
    pub counts: &'a mut [f64],
}

impl WithSimd for Perturbed<'_> {
    /// None where there is no memory, or where u is too long for registers.
    type Output = Option<()>;
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) -> Self::Output {
        let width = self.network.width();
        let pitch = width.div_ceil(S::F64_LANES);
        if pitch > 8 {
            return None;
        }
        self.counts.fill(0.0);
        // few runs in many lanes take longer than one after the other, unless their rows fill no vector
        let lanes = groups::<Many<S>>(self.runs) * S::F64_LANES;
        if self.runs > 1 && (pitch == 1 || 2 * self.runs >= lanes) {
            several(Many(simd), &mut self)?;
        }
        match pitch {
            1 => self.alone::<S, 1>(simd),
            2 => self.alone::<S, 2>(simd),
            3..=4 => self.alone::<S, 4>(simd),
            _ => self.alone::<S, 8>(simd),
        }
    }
}

enum Step {
    Perturbed,
    Plain,
    /// Not taken: its numbers come near to where these end.
    Odd,
}

impl Perturbed<'_> {
    /// One run after the other, each from where its counts say that it stands.
    #[inline(always)]
    fn alone<S: Simd, const P: usize>(self, simd: S) -> Option<()> {
        let Network { labels, matrix, .. } = self.network;
        let (width, steps) = (self.network.width(), self.steps);
        let rows = parts::<S, P>(matrix, width)?;
        let mut residuals = Lines::<f64>::zeros(labels.len())?;
        let points = self.points.chunks_exact_mut(2 * width);
        for (r, (point, counts)) in points.zip(self.counts.chunks_exact_mut(2)).enumerate() {
            let indices = &self.indices[r * steps..][..steps];
            let signs = &self.signs[r * steps..][..steps];
            let (first, second) = point.split_at_mut(width);
            let [mut u, mut v] = [part::<S, P>(first), part::<S, P>(second)];
            let [mut taken, mut perturbed] = [counts[0] as usize, counts[1] as usize];
            while taken < steps {
                let draw = (indices[perturbed] as usize, signs[perturbed]);
                let network = &self.network;
                match network.step::<S, P>(simd, &rows, draw, &mut u, &mut v, &mut residuals) {
                    Step::Perturbed => perturbed += 1,
                    Step::Plain => {}
                    Step::Odd => break,
                }
                taken += 1;
            }
            part_to::<S, P>(&u, first);
            part_to::<S, P>(&v, second);
            counts.copy_from_slice(&[taken as f64, perturbed as f64]);
        }
        Some(())
    }
}

impl Network<'_> {
    /// One step from (u, v), in place, with a sample and a sign.
    #[inline(always)]
    fn step<S: Simd, const P: usize>(
        &self,
        simd: S,
        rows: &[Part<S, P>],
        (sample, sign): (usize, f64),
        u: &mut Part<S, P>,
        v: &mut Part<S, P>,
        residuals: &mut [f64],
    ) -> Step {
        let a = &rows[sample];
        let zero = simd.splat_f64s(0.0);
        // the direction of the perturbation does not wait for the gradient
        let (mut du, mut dv, mut weights) = (*u, *v, *u);
        for j in 0..P {
            weights[j] = simd.sub_f64s(simd.mul_f64s(u[j], u[j]), simd.mul_f64s(v[j], v[j]));
            let twice = simd.add_f64s(a[j], a[j]);
            du[j] = simd.mul_f64s(twice, u[j]);
            dv[j] = simd.sub_f64s(zero, simd.mul_f64s(twice, v[j]));
        }
        let length = products::<S, P, _>(simd, [(&du, &du), (&dv, &dv)]);
        let (loss, slopes) = slopes::<S, P>(simd, rows, self.labels, &weights, residuals);
        let mean = simd.splat_f64s(2.0 / self.labels.len() as f64);
        let (mut gu, mut gv) = (*u, *v);
        for j in 0..P {
            let slope = simd.mul_f64s(mean, slopes[j]);
            gu[j] = simd.mul_f64s(slope, u[j]);
            gv[j] = simd.sub_f64s(zero, simd.mul_f64s(slope, v[j]));
        }
        let square = products::<S, P, _>(simd, [(&gu, &gu), (&gv, &gv)]);
        let is_large = loss.is_nan() || loss >= MOST;
        if is_large || !is_safe(square) {
            return Step::Odd;
        }
        let norm = square.sqrt();
        if norm > self.threshold || self.threshold.is_nan() {
            let back = simd.splat_f64s(-self.plain_rate);
            for j in 0..P {
                u[j] = simd.mul_add_e_f64s(back, gu[j], u[j]);
                v[j] = simd.mul_add_e_f64s(back, gv[j], v[j]);
            }
            return Step::Plain;
        }
        if !is_safe(length) {
            return Step::Odd;
        }
        let radius = if residuals[sample] < 0.0 {
            -self.radius
        } else {
            self.radius
        };
        let reach = simd.splat_f64s(sign * radius / length.sqrt());
        let (mut pu, mut pv, mut weights) = (*u, *v, *u);
        for j in 0..P {
            pu[j] = simd.mul_add_e_f64s(reach, du[j], u[j]);
            pv[j] = simd.mul_add_e_f64s(reach, dv[j], v[j]);
            weights[j] = simd.sub_f64s(simd.mul_f64s(pu[j], pu[j]), simd.mul_f64s(pv[j], pv[j]));
        }
        let there = 2.0 * (products::<S, P, _>(simd, [(a, &weights)]) - self.labels[sample]);
        let there = simd.splat_f64s(there);
        for j in 0..P {
            let slope = simd.mul_f64s(there, a[j]);
            pu[j] = simd.mul_f64s(slope, pu[j]);
            pv[j] = simd.sub_f64s(zero, simd.mul_f64s(slope, pv[j]));
        }
        let size = products::<S, P, _>(simd, [(&pu, &pu), (&pv, &pv)]);
        if !is_safe(size) {
            return Step::Odd;
        }
        for j in 0..P {
            pu[j] = simd.sub_f64s(pu[j], gu[j]);
            pv[j] = simd.sub_f64s(pv[j], gv[j]);
        }
        // where the gradient is noise beside the perturbed one, nothing is taken off
        let off = if norm > NOISE * size.sqrt() {
            1.0 - products::<S, P, _>(simd, [(&pu, &gu), (&pv, &gv)]) / square
        } else {
            1.0
        };
        let (back, off) = (simd.splat_f64s(-self.rate), simd.splat_f64s(off));
        for j in 0..P {
            u[j] = simd.mul_add_e_f64s(back, simd.mul_add_e_f64s(off, gu[j], pu[j]), u[j]);
            v[j] = simd.mul_add_e_f64s(back, simd.mul_add_e_f64s(off, gv[j], pv[j]), v[j]);
        }
        Step::Perturbed
    }
}

/// The sum of K inner products.
#[inline(always)]
fn products<S: Simd, const P: usize, const K: usize>(
    simd: S,
    pairs: [(&Part<S, P>, &Part<S, P>); K],
) -> f64 {
    let mut total = simd.splat_f64s(0.0);
    for (x, y) in pairs {
        let mut sum = simd.mul_f64s(x[0], y[0]);
        for j in 1..P {
            sum = simd.mul_add_e_f64s(x[j], y[j], sum);
        }
        total = simd.add_f64s(total, sum);
    }
    simd.reduce_sum_f64s(total)
}

/// Residuals, whose sum of squares it returns, and the sum of the rows times these.
#[inline(always)]
fn slopes<S: Simd, const P: usize>(
    simd: S,
    rows: &[Part<S, P>],
    labels: &[f64],
    weights: &Part<S, P>,
    residuals: &mut [f64],
) -> (f64, Part<S, P>) {
    let mut loss = 0.0;
    let mut slopes = [simd.splat_f64s(0.0); P];
    for ((row, label), residual) in rows.iter().zip(labels).zip(residuals) {
        *residual = products::<S, P, _>(simd, [(row, weights)]) - label;
        loss += *residual * *residual;
        let factor = simd.splat_f64s(*residual);
        for j in 0..P {
            slopes[j] = simd.mul_add_e_f64s(factor, row[j], slopes[j]);
        }
    }
    (loss, slopes)
}
