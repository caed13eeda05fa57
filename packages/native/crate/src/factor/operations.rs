//! What Node calls of these.
use super::cholesky;
use super::triangular::{Triangle, solve};
use crate::node::{Call, serve};
use crate::operations::DONE;
use crate::vectors::arch;
use napi_sys::{napi_callback_info, napi_env, napi_value};

/// cholesky(n, a, threads): -1, or the first column whose pivot is not positive.
pub unsafe extern "C" fn cholesky(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<3>| {
        let (n, threads) = (call.count(0)?, call.count(2)?);
        let a = call.doubles(1)?.exactly(n.checked_mul(n)?)?;
        // SAFETY: nothing else uses it meanwhile
        let failed = cholesky::cholesky(arch(), threads, n, unsafe { a.slice_mut() });
        call.answer(failed.map_or(-1.0, |column| column as f64))
    };
    unsafe { serve(env, info, run) }
}

/// solveTriangular(lower, transpose, n, columns, t, b, threads)
pub unsafe extern "C" fn solve_triangular(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<7>| {
        let (is_lower, transpose) = (call.flag(0)?, call.flag(1)?);
        let (n, columns, threads) = (call.count(2)?, call.count(3)?, call.count(6)?);
        let t = call.doubles(4)?.exactly(n.checked_mul(n)?)?;
        let b = call.doubles(5)?.exactly(n.checked_mul(columns)?)?;
        if n == 0 || columns == 0 || t.overlaps(b) {
            return None;
        }
        // SAFETY: they share nothing
        let triangle = Triangle {
            is_lower,
            transpose,
            n,
            t: unsafe { t.slice() },
        };
        solve(arch(), threads, triangle, columns, unsafe { b.slice_mut() })?;
        DONE
    };
    unsafe { serve(env, info, run) }
}
