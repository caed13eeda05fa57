//! Householder reduction of a symmetric matrix to tridiagonal form, from the last row to the first.
//!
//! Source: Martin, Reinsch and Wilkinson (1968); the update of a step is merged with the product of the next one, as in `steps`.
use crate::rows;
use crate::steps::SymmetricStep;
use pulp::{Simd, WithSimd};
use std::mem::swap;

/// In place on the lower triangle of `a`, whose entries are at most about 1: T = Q^T A Q has `diagonal` and `off`, and
/// Q = H_{n-1} ... H_1 with H_k = I - tau[k] v v^T, v the first k elements of row k afterwards, of which the last one is 1.
pub struct Reduce<'a> {
    pub a: &'a mut [f64],
    pub diagonal: &'a mut [f64],
    pub off: &'a mut [f64],
    pub tau: &'a mut [f64],
    /// Four vectors, with as many elements as a row of `a` has.
    pub work: &'a mut [f64],
}

impl WithSimd for Reduce<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            a,
            diagonal,
            off,
            tau,
            work,
        } = self;
        let n = diagonal.len();
        let pitch = work.len() / 4;
        work.fill(0.0);
        let (mut u, rest) = work.split_at_mut(pitch);
        let (mut v, rest) = rest.split_at_mut(pitch);
        let (mut w, mut p) = rest.split_at_mut(pitch);
        for k in (1..n).rev() {
            let (above, row) = a.split_at_mut(k * pitch);
            let (vk, wk) = (v[k], w[k]);
            diagonal[k] = row[k] - 2.0 * vk * wk;
            let row = &mut row[..k];
            for (to, (own, (vj, wj))) in u.iter_mut().zip(row.iter().zip(v.iter().zip(w.iter()))) {
                *to = own - (vk * wj + wk * vj);
            }
            (off[k - 1], tau[k]) = reflection(simd, &mut u[..k]);
            row.copy_from_slice(&u[..k]);
            SymmetricStep {
                n: pitch,
                a: above,
                u: &u[..k],
                v: &v[..k],
                w: &w[..k],
                p: &mut p[..k],
            }
            .with_simd(simd);
            let t = tau[k];
            let half = 0.5 * t * t * rows::dot(simd, &p[..k], &u[..k]);
            for (to, uj) in p[..k].iter_mut().zip(u.iter()) {
                *to = t * *to - half * uj;
            }
            // the pending update reads v and w while the next step makes u and p
            swap(&mut u, &mut v);
            swap(&mut w, &mut p);
        }
        diagonal[0] = a[0] - 2.0 * v[0] * w[0];
    }
}

/// Below this length, against a largest entry of about 1, a row is zero for every purpose and its reflection would overflow.
const NEGLIGIBLE: f64 = 1e-290;

/// Turns a row into its Householder vector; returns the entry that remains, and tau.
#[inline(always)]
fn reflection<S: Simd>(simd: S, u: &mut [f64]) -> (f64, f64) {
    let last = u.len() - 1;
    let alpha = u[last];
    let rest = rows::dot(simd, &u[..last], &u[..last]);
    let squares = rest + alpha * alpha;
    let length = if squares > 1e-280 {
        squares.sqrt()
    } else {
        small_length(u)
    };
    // The length alone does not tell: it is |alpha| also where the rest is 1e-8 of that.
    if (rest == 0.0 && length == alpha.abs()) || length < NEGLIGIBLE {
        u[..last].fill(0.0);
        u[last] = 1.0;
        return (if length < NEGLIGIBLE { 0.0 } else { alpha }, 0.0);
    }
    let beta = if alpha < 0.0 { length } else { -length };
    let factor = 1.0 / (alpha - beta);
    for value in &mut u[..last] {
        *value *= factor;
    }
    u[last] = 1.0;
    (beta, (beta - alpha) / beta)
}

/// The length of a vector whose squares underflow.
fn small_length(u: &[f64]) -> f64 {
    let scale = 2f64.powi(500);
    let mut sum = 0.0;
    for value in u {
        sum += (scale * value) * (scale * value);
    }
    sum.sqrt() / scale
}
