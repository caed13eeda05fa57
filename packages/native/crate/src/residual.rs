//! Residuals of linear measurements and the gradient of their squares, in one pass over the measurements.
use crate::gemv::{block, is_far, sum_of_blocks};
use crate::node::{Call, serve};
use crate::rows;
use crate::threads::Shared;
use crate::vectors::arch;
use napi_sys::{napi_callback_info, napi_env, napi_value};
use pulp::{Simd, WithSimd};
use std::ptr::null_mut;

/// Rows at once: they lie in the second cache between their two uses.
const TOGETHER: usize = 4;

/// residual = A x - targets, and out += alpha A^T residual.
struct Residual<'a> {
    alpha: f64,
    a: &'a [f64],
    x: &'a [f64],
    targets: &'a [f64],
    residual: &'a mut [f64],
    out: &'a mut [f64],
    is_far: bool,
}

impl WithSimd for Residual<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            alpha,
            a,
            x,
            targets,
            residual,
            out,
            is_far,
        } = self;
        let n = x.len();
        let (blocks, rest) = residual.as_chunks_mut::<TOGETHER>();
        let first = blocks.len() * TOGETHER;
        for (b, to) in blocks.iter_mut().enumerate() {
            let rows = block(a, n, b * TOGETHER, 0, n);
            *to = if is_far {
                rows::dots::<f64, S, TOGETHER, true>(simd, rows, x)
            } else {
                rows::dots::<f64, S, TOGETHER, false>(simd, rows, x)
            };
            let mut factors = [0.0; TOGETHER];
            for r in 0..TOGETHER {
                to[r] -= targets[b * TOGETHER + r];
                factors[r] = alpha * to[r];
            }
            rows::combine::<f64, S, TOGETHER, false>(simd, rows, factors, out);
        }
        for (r, to) in rest.iter_mut().enumerate() {
            let [row] = block(a, n, first + r, 0, n);
            *to = rows::dot(simd, row, x) - targets[first + r];
            rows::add(simd, alpha * *to, row, out);
        }
    }
}

/// residualGradient(n, a, x, targets, alpha, residual, out, threads): of all rows of A, with the bits of one thread on any number.
pub unsafe extern "C" fn residual_gradient(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<8>| {
        let (n, alpha, threads) = (call.count(0)?, call.number(4)?, call.count(7)?);
        let residual = call.doubles(5)?;
        let m = residual.length;
        let a = call.doubles(1)?.exactly(m * n)?;
        let x = call.doubles(2)?.exactly(n)?;
        let targets = call.doubles(3)?.exactly(m)?;
        let out = call.doubles(6)?.exactly(n)?;
        let mut inputs = [a, x, targets].into_iter();
        if residual.overlaps(out)
            || inputs.any(|part| part.overlaps(residual) || part.overlaps(out))
        {
            return None;
        }
        // SAFETY: the outputs share nothing with the inputs, nor with each other
        let (a, x, targets, out) =
            unsafe { (a.slice(), x.slice(), targets.slice(), out.slice_mut()) };
        let (residuals, is_far) = (Shared(residual.at), is_far(a));
        sum_of_blocks(threads, a.len(), m, 0.0, out, &|from, count, out| {
            // SAFETY: each block has its own part of the residuals
            let residual =
                unsafe { std::slice::from_raw_parts_mut(residuals.get().add(from), count) };
            let (a, targets) = (&a[from * n..], &targets[from..from + count]);
            arch().dispatch(Residual {
                alpha,
                a,
                x,
                targets,
                residual,
                out,
                is_far,
            });
        })?;
        Some(null_mut())
    };
    unsafe { serve(env, info, run) }
}
