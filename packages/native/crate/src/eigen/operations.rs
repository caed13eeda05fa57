//! What Node calls: each takes its arguments apart, and refuses those that do not fit.
use super::symmetric;
use crate::node::{Call, serve};
use crate::operations::{DONE, all_apart};
use crate::vectors::arch;
use napi_sys::{napi_callback_info, napi_env, napi_value};

/// symmetricEigen(n, from, to, a, values, vectors, threads): the eigenvalues `from` to `to` - 1 in ascending order, and a row for the vector of each
pub unsafe extern "C" fn symmetric_eigen(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<7>| {
        let (n, from, to) = (call.count(0)?, call.count(1)?, call.count(2)?);
        let threads = call.count(6)?;
        if from > to || to > n {
            return None;
        }
        let a = call.doubles(3)?.exactly(n * n)?;
        let values = call.doubles(4)?.exactly(to - from)?;
        let vectors = call.doubles(5)?.exactly((to - from) * n)?;
        if !all_apart(&[a, values, vectors]) {
            return None;
        }
        // SAFETY: they share nothing
        let (a, values, vectors) = unsafe { (a.slice(), values.slice_mut(), vectors.slice_mut()) };
        symmetric(arch(), threads, a, n, from..to, values, vectors)?;
        DONE
    };
    unsafe { serve(env, info, run) }
}
