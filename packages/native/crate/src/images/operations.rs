//! What Node calls: each takes its arguments apart, and refuses those that do not fit. `shape` is a Uint32Array, as `Shape::of` lists its numbers.
use super::channels::{self, Combination};
use super::gate::Gate;
use super::lanes::dispatch;
use super::parts;
use super::pool::{Pool, PoolGradient};
use super::shape::Shape;
use crate::node::{Call, Floats, Part, serve};
use crate::operations::DONE;
use crate::vectors::arch;
use napi_sys::{napi_callback_info, napi_env, napi_value};

/// A Float32Array of so many numbers.
fn singles<const N: usize>(
    call: &Call<N>,
    index: usize,
    length: Option<usize>,
) -> Option<Part<f32>> {
    match call.floats(index)? {
        Floats::Single(part) => part.exactly(length?),
        Floats::Double(_) => None,
    }
}

/// Inputs as they are and an output that shares nothing with them.
fn apart<const N: usize>(
    inputs: [Part<f32>; N],
    out: Part<f32>,
) -> Option<([&'static [f32]; N], &'static mut [f32])> {
    if inputs.iter().any(|input| input.overlaps(out)) {
        return None;
    }
    // SAFETY: they live as long as the call, and the output shares nothing with the inputs
    Some(unsafe { (inputs.map(|input| input.slice()), out.slice_mut()) })
}

/// convolve(shape, images, filter, out, threads)
pub unsafe extern "C" fn convolve(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<5>| {
        let shape = Shape::of(call.integers(0)?)?;
        let images = singles(call, 1, shape.image())?;
        let filter = singles(call, 2, shape.filter())?;
        let ([images, filter], out) = apart([images, filter], singles(call, 3, shape.out())?)?;
        parts::convolve(call.count(4)?, shape, images, filter, out)?;
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// filterGradient(shape, images, dy, out, threads)
pub unsafe extern "C" fn filter_gradient(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<5>| {
        let shape = Shape::of(call.integers(0)?)?;
        let images = singles(call, 1, shape.image())?;
        let dy = singles(call, 2, shape.out())?;
        let ([images, dy], out) = apart([images, dy], singles(call, 3, shape.filter())?)?;
        parts::filter_gradient(call.count(4)?, shape, images, dy, out)?;
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// imageGradient(shape, dy, filter, out, threads)
pub unsafe extern "C" fn image_gradient(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<5>| {
        let shape = Shape::of(call.integers(0)?)?;
        let dy = singles(call, 1, shape.out())?;
        let filter = singles(call, 2, shape.filter())?;
        let ([dy, filter], out) = apart([dy, filter], singles(call, 3, shape.image())?)?;
        parts::image_gradient(call.count(4)?, shape, dy, filter, out)?;
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// The shape of a pool, which has as many outputs as channels.
fn pool_shape<const N: usize>(call: &Call<N>) -> Option<Shape> {
    Shape::of(call.integers(0)?).filter(|shape| shape.channels == shape.outputs)
}

/// maxPool(shape, images, out)
pub unsafe extern "C" fn max_pool(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<3>| {
        let shape = pool_shape(call)?;
        let images = singles(call, 1, shape.image())?;
        let ([images], out) = apart([images], singles(call, 2, shape.out())?)?;
        dispatch(shape.channels, Pool { shape, images, out });
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// maxPoolGradient(shape, dy, images, largest, out)
pub unsafe extern "C" fn max_pool_gradient(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<5>| {
        let shape = pool_shape(call)?;
        let images = singles(call, 2, shape.image())?;
        let (dy, largest) = (
            singles(call, 1, shape.out())?,
            singles(call, 3, shape.out())?,
        );
        let out = singles(call, 4, shape.image())?;
        let ([dy, images, largest], out) = apart([dy, images, largest], out)?;
        dispatch(
            shape.channels,
            PoolGradient {
                shape,
                dy,
                images,
                largest,
                out,
            },
        );
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// reluGradient(numbers, dy, out)
pub unsafe extern "C" fn relu_gradient(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<3>| {
        let Floats::Single(out) = call.floats(2)? else {
            return None;
        };
        let numbers = singles(call, 0, Some(out.length))?;
        let dy = singles(call, 1, Some(out.length))?;
        let ([numbers, dy], out) = apart([numbers, dy], out)?;
        arch().dispatch(Gate { numbers, dy, out });
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// A Float32Array of so many numbers, or none where it is empty.
fn perhaps<const N: usize>(
    call: &Call<N>,
    index: usize,
    length: usize,
) -> Option<Option<Part<f32>>> {
    match call.floats(index)? {
        Floats::Single(part) if part.length == 0 => Some(None),
        Floats::Single(part) => Some(Some(part.exactly(length)?)),
        Floats::Double(_) => None,
    }
}

/// channelSums(x, y, gate, sums, threads); an empty gate is none
pub unsafe extern "C" fn channel_sums(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<5>| {
        let Floats::Single(x) = call.floats(0)? else {
            return None;
        };
        let y = singles(call, 1, Some(x.length))?;
        let gate = perhaps(call, 2, x.length)?;
        let sums = call.doubles(3)?;
        let channels = sums.length / 2;
        let is_whole = channels > 0 && sums.length % 2 == 0 && x.length % channels == 0;
        let is_apart = [Some(x), Some(y), gate]
            .into_iter()
            .flatten()
            .all(|input| !input.overlaps(sums));
        if !is_whole || !is_apart {
            return None;
        }
        // SAFETY: they live as long as the call, and the sums share nothing with the others
        let (x, y, sums) = unsafe { (x.slice(), y.slice(), sums.slice_mut()) };
        // SAFETY: as above
        let gate = gate.map(|gate| unsafe { gate.slice() });
        channels::sum(call.count(4)?, x, y, gate, sums)?;
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// combineChannels(coefficients, x, y, gate, positive, out, threads); an empty y or gate is none
pub unsafe extern "C" fn combine_channels(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<7>| {
        let (Floats::Single(coefficients), Floats::Single(out)) = (call.floats(0)?, call.floats(5)?)
        else {
            return None;
        };
        let of = Combination {
            x: singles(call, 1, Some(out.length))?,
            y: perhaps(call, 2, out.length)?,
            gate: perhaps(call, 3, out.length)?,
            positive: call.flag(4)?,
            out,
        };
        let channels = coefficients.length / 3;
        let is_whole =
            channels > 0 && coefficients.length % 3 == 0 && out.length % channels == 0;
        let is_apart = [Some(of.x), of.y, of.gate]
            .into_iter()
            .flatten()
            .all(|input| input.at == out.at || !input.overlaps(out));
        if !is_whole || !is_apart || coefficients.overlaps(out) {
            return None;
        }
        // SAFETY: they live as long as the call, and nothing writes to them
        channels::combine(call.count(6)?, unsafe { coefficients.slice() }, of)?;
        DONE
    };
    unsafe { serve(env, info, run) }
}
