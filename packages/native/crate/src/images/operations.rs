//! What Node calls: each takes its arguments apart, and refuses those that do not fit. `shape` is a Uint32Array, as `Shape::of` lists its numbers.
use super::convolve::Convolution;
use super::filter::FilterGradient;
use super::gate::Gate;
use super::lanes::dispatch;
use super::pool::{Pool, PoolGradient};
use super::shape::Shape;
use super::turned::ImageGradient;
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

/// convolve(shape, images, filter, out)
pub unsafe extern "C" fn convolve(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<4>| {
        let shape = Shape::of(call.integers(0)?)?;
        let images = singles(call, 1, shape.image())?;
        let filter = singles(call, 2, shape.filter())?;
        let ([images, filter], out) = apart([images, filter], singles(call, 3, shape.out())?)?;
        dispatch(
            shape.outputs,
            Convolution {
                shape,
                images,
                filter,
                out,
            },
        )?;
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// filterGradient(shape, images, dy, out)
pub unsafe extern "C" fn filter_gradient(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<4>| {
        let shape = Shape::of(call.integers(0)?)?;
        let images = singles(call, 1, shape.image())?;
        let dy = singles(call, 2, shape.out())?;
        let ([images, dy], out) = apart([images, dy], singles(call, 3, shape.filter())?)?;
        dispatch(
            shape.outputs,
            FilterGradient {
                shape,
                images,
                dy,
                out,
            },
        )?;
        DONE
    };
    unsafe { serve(env, info, run) }
}

/// imageGradient(shape, dy, filter, out)
pub unsafe extern "C" fn image_gradient(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<4>| {
        let shape = Shape::of(call.integers(0)?)?;
        let dy = singles(call, 1, shape.out())?;
        let filter = singles(call, 2, shape.filter())?;
        let ([dy, filter], out) = apart([dy, filter], singles(call, 3, shape.image())?)?;
        dispatch(
            shape.channels,
            ImageGradient {
                shape,
                dy,
                filter,
                out,
            },
        )?;
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
