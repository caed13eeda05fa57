//! Whole runs of gradient descent on a quadratic, accelerated or not.
use crate::lines::{Lines, NUMBERS};
use crate::mirrored::Mirrored;
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

/// Numbers at once, so many that any vector is full.
const TOGETHER: usize = 8;

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
            ahead,
        } = self;
        let matrix = Mirrored::of(a, n)?;
        let mut change = Lines::zeros(n.next_multiple_of(NUMBERS))?;
        // where gradients are taken
        let mut point = Lines::zeros(n.next_multiple_of(NUMBERS))?;
        match &ahead {
            Some(ahead) => point[..n].copy_from_slice(ahead.point),
            None => point[..n].copy_from_slice(x),
        }
        let mut taken = 0;
        while taken < steps {
            change[..n].copy_from_slice(c);
            matrix.multiply(simd, &point, &mut change);
            let y = &mut change[..n];
            for (value, more) in y.iter_mut().zip(error) {
                *value += more;
            }
            for ((value, at), center) in y.iter_mut().zip(&point[..n]).zip(center) {
                *value += strength * (at - center);
            }
            if let Some(Ahead { momenta, .. }) = &ahead {
                for (value, at) in y.iter_mut().zip(&point[..n]) {
                    *value = at - rate * *value;
                }
                if scale(1.0, y) != 0.0 {
                    break;
                }
                let momentum = momenta[taken];
                for ((value, at), next) in x.iter_mut().zip(&mut point[..n]).zip(&*y) {
                    *at = next + momentum * (next - *value);
                    *value = *next;
                }
            } else {
                if scale(rate, y) != 0.0 {
                    break;
                }
                for (value, moved) in point[..n].iter_mut().zip(&*y) {
                    *value -= moved;
                }
            }
            taken += 1;
        }
        match ahead {
            Some(ahead) => ahead.point.copy_from_slice(&point[..n]),
            None => x.copy_from_slice(&point[..n]),
        }
        Some(taken)
    }
}
