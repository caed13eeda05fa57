//! Whole runs of gradient descent on a quadratic.
use super::lanes::room;
use crate::gemv::{Product, SymmetricProduct};
use pulp::{Simd, WithSimd};

/// Up to `steps` steps x -= rate (A x + c), A of order n by its lower triangle.
pub struct Quadratic<'a> {
    pub n: usize,
    pub steps: usize,
    pub rate: f64,
    pub a: &'a [f64],
    pub c: &'a [f64],
    pub x: &'a mut [f64],
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
            if is_whole {
                let product = Product {
                    alpha: 1.0,
                    a: &whole,
                    x: &*x,
                    y,
                };
                product.with_simd(simd);
            } else {
                SymmetricProduct { n, a, x: &*x, y }.with_simd(simd);
            }
            if scale(rate, &mut change) != 0.0 {
                return Some(taken);
            }
            for (value, moved) in x.iter_mut().zip(&change) {
                *value -= moved;
            }
        }
        Some(steps)
    }
}
