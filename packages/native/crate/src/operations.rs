//! What Node calls: each takes its arguments apart, and refuses those that do not fit.
use crate::gemm::{Sizes, Strided, multiply_shared, symmetric};
use crate::gemv;
use crate::node::{Call, Floats, Part, serve};
use crate::real::Real;
use crate::rows;
use crate::slender;
use crate::steps::{Complex, HermitianStep, SymmetricStep};
use crate::vectors::arch;
use napi_sys::{napi_callback_info, napi_env, napi_value};
use pulp::{Simd, WithSimd};
use std::ptr::null_mut;

/// Nothing: undefined.
pub const DONE: Option<napi_value> = Some(null_mut());

/// An output that may share bytes with inputs: its own memory where it does not, else a copy. None where there is no memory for one.
fn apart<T: Real>(output: Part<T>, overlaps: bool) -> Option<(Part<T>, Option<Vec<T>>)> {
    if !overlaps {
        return Some((output, None));
    }
    let mut copy = Vec::new();
    copy.try_reserve_exact(output.length).ok()?;
    // SAFETY: nothing writes to it while it is copied
    copy.extend_from_slice(unsafe { output.slice() });
    Some((
        Part {
            at: copy.as_mut_ptr(),
            length: output.length,
        },
        Some(copy),
    ))
}

/// Brings the copy back.
fn settle<T: Real>(output: Part<T>, copy: Option<Vec<T>>) {
    if let Some(copy) = copy {
        // SAFETY: nothing else uses it meanwhile
        unsafe { output.slice_mut() }.copy_from_slice(&copy);
    }
}

struct Dot<'a>(&'a [f64], &'a [f64]);

impl WithSimd for Dot<'_> {
    type Output = f64;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        rows::dot(simd, self.0, self.1)
    }
}

struct Axpy<'a>(f64, &'a [f64], &'a mut [f64]);

impl WithSimd for Axpy<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        rows::add(simd, self.0, self.1, self.2);
    }
}

/// A += alpha x y^T.
struct RankOne<'a> {
    alpha: f64,
    x: &'a [f64],
    y: &'a [f64],
    a: &'a mut [f64],
}

impl WithSimd for RankOne<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (value, row) in self.x.iter().zip(self.a.chunks_exact_mut(self.y.len())) {
            rows::add(simd, self.alpha * value, self.y, row);
        }
    }
}

/// dot(x, y)
pub unsafe extern "C" fn dot(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<2>| {
        let x = call.doubles(0)?;
        let y = call.doubles(1)?.exactly(x.length)?;
        // SAFETY: both are only read
        call.answer(arch().dispatch(unsafe { Dot(x.slice(), y.slice()) }))
    };
    unsafe { serve(env, info, run) }
}

/// axpy(alpha, x, y)
pub unsafe extern "C" fn axpy(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<3>| {
        let alpha = call.number(0)?;
        let x = call.doubles(1)?;
        let y = call.doubles(2)?.exactly(x.length)?;
        if x.overlaps(y) {
            return None;
        }
        // SAFETY: they share nothing
        arch().dispatch(unsafe { Axpy(alpha, x.slice(), y.slice_mut()) });
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// y = alpha op(A) x + beta y of one element type.
#[allow(clippy::too_many_arguments)]
fn gemv_of<T: Real>(
    threads: usize,
    transpose: bool,
    m: usize,
    n: usize,
    alpha: f64,
    a: Part<T>,
    x: Part<T>,
    beta: f64,
    y: Part<T>,
) -> Option<napi_value> {
    let (rows, columns) = if transpose { (n, m) } else { (m, n) };
    let a = a.exactly(m * n)?;
    let x = x.exactly(columns)?;
    let y = y.exactly(rows)?;
    let (to, copy) = apart(y, y.overlaps(a) || y.overlaps(x))?;
    // SAFETY: `to` shares nothing with a and x
    let (a, x, out) = unsafe { (a.slice(), x.slice(), to.slice_mut()) };
    let alpha = T::from_double(alpha);
    let beta = T::from_double(beta);
    gemv::multiply(arch(), threads, transpose, n, alpha, a, x, beta, out)?;
    settle(y, copy);
    DONE
}

/// gemv(transpose, m, n, alpha, a, x, beta, y, threads)
pub unsafe extern "C" fn gemv(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<9>| {
        let threads = call.count(8)?;
        let (transpose, m, n) = (call.flag(0)?, call.count(1)?, call.count(2)?);
        let (alpha, beta) = (call.number(3)?, call.number(6)?);
        match (call.floats(4)?, call.floats(5)?, call.floats(7)?) {
            (Floats::Double(a), Floats::Double(x), Floats::Double(y)) => {
                gemv_of(threads, transpose, m, n, alpha, a, x, beta, y)
            }
            (Floats::Single(a), Floats::Single(x), Floats::Single(y)) => {
                gemv_of(threads, transpose, m, n, alpha, a, x, beta, y)
            }
            _ => None,
        }
    };
    unsafe { serve(env, info, run) }
}

/// gemvBoth(m, n, a, x, ax, u, atu, threads)
pub unsafe extern "C" fn gemv_both(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<8>| {
        let (m, n, threads) = (call.count(0)?, call.count(1)?, call.count(7)?);
        let a = call.doubles(2)?.exactly(m * n)?;
        let x = call.doubles(3)?.exactly(n)?;
        let ax = call.doubles(4)?.exactly(m)?;
        let u = call.doubles(5)?.exactly(m)?;
        let atu = call.doubles(6)?.exactly(n)?;
        let inputs = [a, x, u];
        if ax.overlaps(atu)
            || inputs
                .into_iter()
                .any(|part| part.overlaps(ax) || part.overlaps(atu))
        {
            return None;
        }
        // SAFETY: the outputs share nothing with the inputs, nor with each other
        let (a, x, u) = unsafe { (a.slice(), x.slice(), u.slice()) };
        // SAFETY: as above
        let (ax, atu) = unsafe { (ax.slice_mut(), atu.slice_mut()) };
        gemv::both(arch(), threads, a, x, ax, u, atu)?;
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// C = alpha op(A) op(B) + beta C of one element type.
#[allow(clippy::too_many_arguments)]
fn gemm_of<T: Real>(
    threads: usize,
    turned: (bool, bool),
    sizes: Sizes,
    alpha: f64,
    a: Part<T>,
    b: Part<T>,
    beta: f64,
    c: Part<T>,
) -> Option<napi_value> {
    let Sizes { m, n, k } = sizes;
    let a = a.exactly(m * k)?;
    let b = b.exactly(k * n)?;
    let c = c.exactly(m * n)?;
    let (to, copy) = apart(c, c.overlaps(a) || c.overlaps(b))?;
    let (alpha, beta) = (T::from_double(alpha), T::from_double(beta));
    let a = Strided::of(a.at, if turned.0 { m } else { k }, turned.0);
    let b = Strided::of(b.at, if turned.1 { k } else { n }, turned.1);
    // SAFETY: the lengths are right, and `to` shares nothing with a and b
    unsafe { multiply_shared(threads, sizes, alpha, a, b, beta, to.at, n) };
    settle(c, copy);
    DONE
}

/// gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c, threads)
pub unsafe extern "C" fn gemm(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<11>| {
        let threads = call.count(10)?;
        let turned = (call.flag(0)?, call.flag(1)?);
        let sizes = Sizes {
            m: call.count(2)?,
            n: call.count(3)?,
            k: call.count(4)?,
        };
        let (alpha, beta) = (call.number(5)?, call.number(8)?);
        match (call.floats(6)?, call.floats(7)?, call.floats(9)?) {
            (Floats::Double(a), Floats::Double(b), Floats::Double(c)) => {
                gemm_of(threads, turned, sizes, alpha, a, b, beta, c)
            }
            (Floats::Single(a), Floats::Single(b), Floats::Single(c)) => {
                gemm_of(threads, turned, sizes, alpha, a, b, beta, c)
            }
            _ => None,
        }
    };
    unsafe { serve(env, info, run) }
}

/// The elements of a part of a larger matrix: `rows` of `columns`, `stride` from one to the next. None where they leave the view, or overlap each other.
fn within(
    view: Part<f64>,
    at: usize,
    rows: usize,
    columns: usize,
    stride: usize,
) -> Option<Part<f64>> {
    if rows == 0 || columns == 0 {
        return view.range(0, 0);
    }
    if columns > stride {
        return None;
    }
    view.range(at, (rows - 1) * stride + columns)
}

/// product(transposeA, transposeB, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc, threads): parts of larger matrices.
pub unsafe extern "C" fn product(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<17>| {
        let (ta, tb) = (call.flag(0)?, call.flag(1)?);
        let sizes = Sizes {
            m: call.count(2)?,
            n: call.count(3)?,
            k: call.count(4)?,
        };
        let Sizes { m, n, k } = sizes;
        let (alpha, beta) = (call.number(5)?, call.number(12)?);
        let threads = call.count(16)?;
        let (lda, ldb, ldc) = (call.count(8)?, call.count(11)?, call.count(15)?);
        let (a_rows, a_columns) = if ta { (k, m) } else { (m, k) };
        let (b_rows, b_columns) = if tb { (n, k) } else { (k, n) };
        let a = within(call.doubles(6)?, call.count(7)?, a_rows, a_columns, lda)?;
        let b = within(call.doubles(9)?, call.count(10)?, b_rows, b_columns, ldb)?;
        let c = within(call.doubles(13)?, call.count(14)?, m, n, ldc)?;
        let (a, b) = (Strided::of(a.at, lda, ta), Strided::of(b.at, ldb, tb));
        // SAFETY: the parts lie in their views; that C shares no element with A and B is for the caller to see to, as it is for the embedded kernels
        unsafe { multiply_shared(threads, sizes, alpha, a, b, beta, c.at, ldc) };
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// ger(m, n, alpha, x, y, a)
pub unsafe extern "C" fn ger(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<6>| {
        let (m, n, alpha) = (call.count(0)?, call.count(1)?, call.number(2)?);
        let (x, y) = (call.doubles(3)?.exactly(m)?, call.doubles(4)?.exactly(n)?);
        let a = call.doubles(5)?.exactly(m.checked_mul(n)?)?;
        if n == 0 || !all_apart(&[a, x, y]) {
            return None;
        }
        // SAFETY: they share nothing
        let (x, y, a) = unsafe { (x.slice(), y.slice(), a.slice_mut()) };
        arch().dispatch(RankOne { alpha, x, y, a });
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// syrk(transpose, n, k, alpha, a, beta, c, threads)
pub unsafe extern "C" fn syrk(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<8>| {
        let threads = call.count(7)?;
        let (transpose, n, k) = (call.flag(0)?, call.count(1)?, call.count(2)?);
        let (alpha, beta) = (call.number(3)?, call.number(5)?);
        let a = call.doubles(4)?.exactly(n * k)?;
        let c = call.doubles(6)?.exactly(n * n)?;
        if c.overlaps(a) {
            return None;
        }
        // SAFETY: they share nothing
        if transpose
            && slender::multiply(arch(), n, alpha, unsafe { a.slice() }, beta, unsafe {
                c.slice_mut()
            })
        {
            return DONE;
        }
        let a = Strided::of(a.at, if transpose { n } else { k }, transpose);
        // SAFETY: the lengths are right, and c shares nothing with a
        unsafe { symmetric(threads, n, k, alpha, a, beta, c.at) };
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// symmetricProduct(n, a, x, y, c, threads), c a view or undefined
pub unsafe extern "C" fn symmetric_product(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<6>| {
        let (n, threads) = (call.count(0)?, call.count(5)?);
        let a = call.doubles(1)?.exactly(n * n)?;
        let x = call.doubles(2)?.exactly(n)?;
        let y = call.doubles(3)?.exactly(n)?;
        let start = match call.doubles(4) {
            Some(c) => Some(c.exactly(n)?),
            None => None,
        };
        let overlaps = [Some(a), Some(x), start]
            .into_iter()
            .flatten()
            .any(|part| part.overlaps(y));
        let (to, copy) = apart(y, overlaps)?;
        // SAFETY: `to` shares nothing with the inputs
        let (a, x, out) = unsafe { (a.slice(), x.slice(), to.slice_mut()) };
        match start {
            // SAFETY: as above
            Some(c) => out.copy_from_slice(unsafe { c.slice() }),
            None => out.fill(0.0),
        }
        gemv::symmetric(arch(), threads, n, a, x, out)?;
        settle(y, copy);
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// Whether no two of the parts share bytes.
pub fn all_apart(parts: &[Part<f64>]) -> bool {
    parts
        .iter()
        .enumerate()
        .all(|(i, part)| parts[..i].iter().all(|other| !part.overlaps(*other)))
}

/// symmetricStep(n, k, a, work, u, v, w, p), the last four offsets into `work`
pub unsafe extern "C" fn symmetric_step(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<8>| {
        let (n, k) = (call.count(0)?, call.count(1)?);
        if k > n {
            return None;
        }
        let a = call.doubles(2)?.range(0, k * n)?;
        let work = call.doubles(3)?;
        let vector = |index| work.range(call.count(index)?, k);
        let (u, v, w, p) = (vector(4)?, vector(5)?, vector(6)?, vector(7)?);
        if !all_apart(&[a, u, v, w, p]) {
            return None;
        }
        // SAFETY: they share nothing
        let step = unsafe {
            let (u, v, w) = (u.slice(), v.slice(), w.slice());
            SymmetricStep {
                n,
                a: a.slice_mut(),
                u,
                v,
                w,
                p: p.slice_mut(),
            }
        };
        arch().dispatch(step);
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// hermitianStep(n, k, re, im, work, u, v, w, p), the last four offsets into `work`, imaginary parts n elements behind
pub unsafe extern "C" fn hermitian_step(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<9>| {
        let (n, k) = (call.count(0)?, call.count(1)?);
        if k > n {
            return None;
        }
        let re = call.doubles(2)?.range(0, k * n)?;
        let im = call.doubles(3)?.range(0, k * n)?;
        let work = call.doubles(4)?;
        let parts = |index| {
            let at = call.count(index)?;
            Some((work.range(at, k)?, work.range(at + n, k)?))
        };
        let (u, v, w, p) = (parts(5)?, parts(6)?, parts(7)?, parts(8)?);
        if !all_apart(&[re, im, u.0, u.1, v.0, v.1, w.0, w.1, p.0, p.1]) {
            return None;
        }
        // SAFETY: they share nothing
        let step = unsafe {
            let complex = |(re, im): (Part<f64>, Part<f64>)| Complex {
                re: re.slice(),
                im: im.slice(),
            };
            HermitianStep {
                n,
                re: re.slice_mut(),
                im: im.slice_mut(),
                u: complex(u),
                v: complex(v),
                w: complex(w),
                p_re: p.0.slice_mut(),
                p_im: p.1.slice_mut(),
            }
        };
        arch().dispatch(step);
        DONE
    };
    unsafe { serve(env, info, run) }
}
