//! Whole runs of gradient descent on a quadratic, accelerated or not.
use super::lanes::room;
use crate::gemv::{Product, SymmetricProduct};
use pulp::{Simd, WithSimd};

/// Where gradients of accelerated descent are taken, and the momentum of each step.
pub struct Ahead<'a> {
    pub point: &'a mut [f64],
    pub momenta: &'a [f64],
}

/// Up to `steps` steps x -= rate (A x + c), A of order n by its lower triangle; what is added to each gradient are `error` and strength (x - center), unless they are empty.
pub struct Quadratic<'a> {
    pub n: usize,
    pub steps: usize,
    pub rate: f64,
    pub a: &'a [f64],
    pub c: &'a [f64],
    pub x: &'a mut [f64],
    pub error: &'a [f64],
    pub strength: f64,
    pub center: &'a [f64],
    pub ahead: Option<Ahead<'a>>,
}

/// Orders up to which both triangles lie in the first caches, and whole rows take less time than halves of them.
const MOST_WHOLE: usize = 160;

/// Numbers at once, so many that any vector is full.
const TOGETHER: usize = 8;

/// Both triangles; None where there is no memory for them.
fn mirrored(a: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut whole = room(n * n)?;
    for i in 0..n {
        for j in 0..=i {
            whole[i * n + j] = a[i * n + j];
            whole[j * n + i] = a[i * n + j];
        }
    }
    Some(whole)
}

/// Multiplies by the rate; returns 0 where every product is finite, else no number.
#[inline(always)]
fn scale(rate: f64, change: &mut [f64]) -> f64 {
    let mut finite = [0.0; TOGETHER];
    let (chunks, rest) = change.as_chunks_mut::<TOGETHER>();
    for chunk in chunks {
        for k in 0..TOGETHER {
            chunk[k] *= rate;
            finite[k] += chunk[k] - chunk[k];
        }
    }
    for value in rest {
        *value *= rate;
        finite[0] += *value - *value;
    }
    finite.iter().sum()
}

impl WithSimd for Quadratic<'_> {
    /// How many steps: none is taken whose change is not finite. None where there is no memory.
    type Output = Option<usize>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self {
            n,
            steps,
            rate,
            a,
            c,
            x,
            error,
            strength,
            center,
            mut ahead,
        } = self;
        let is_whole = n <= MOST_WHOLE;
        let whole = if is_whole {
            mirrored(a, n)?
        } else {
            Vec::new()
        };
        let mut change = room::<f64>(n)?;
        for taken in 0..steps {
            let y = &mut change[..n];
            y.copy_from_slice(c);
            let at = match &ahead {
                Some(ahead) => &*ahead.point,
                None => &*x,
            };
            if is_whole {
                let product = Product {
                    alpha: 1.0,
                    a: &whole,
                    x: at,
                    y: &mut *y,
                };
                product.with_simd(simd);
            } else {
                SymmetricProduct {
                    n,
                    a,
                    x: at,
                    y: &mut *y,
                }
                .with_simd(simd);
            }
            for (value, more) in y.iter_mut().zip(error) {
                *value += more;
            }
            for ((value, at), center) in y.iter_mut().zip(at).zip(center) {
                *value += strength * (at - center);
            }
            let Some(Ahead { point, momenta }) = &mut ahead else {
                if scale(rate, &mut change) != 0.0 {
                    return Some(taken);
                }
                for (value, moved) in x.iter_mut().zip(&change) {
                    *value -= moved;
                }
                continue;
            };
            for (value, at) in y.iter_mut().zip(&**point) {
                *value = at - rate * *value;
            }
            if scale(1.0, &mut change) != 0.0 {
                return Some(taken);
            }
            let momentum = momenta[taken];
            for ((value, at), next) in x.iter_mut().zip(point.iter_mut()).zip(&change) {
                *at = next + momentum * (next - *value);
                *value = *next;
            }
        }
        Some(steps)
    }
}
