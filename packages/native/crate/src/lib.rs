//! Kernels of linear algebra and of images for Node, compiled for the machine: vectors of AVX-512, AVX2 or NEON, whichever the processor has.
//!
//! Every function looks at its arguments and returns null where they do not fit, with nothing changed: its caller asks other kernels then, which say why.
//! Matrices are row-major without gaps; views are used in place.
mod eigen;
mod factor;
mod gemm;
mod gemv;
mod grid;
mod images;
mod lines;
mod node;
mod operations;
mod real;
mod residual;
mod rows;
mod slender;
mod steps;
mod threads;
mod vectors;

use napi_sys::{napi_callback, napi_env, napi_value};
use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::OnceLock;

/// The functions of Node are looked up once, whatever the number of threads.
static HOST: OnceLock<usize> = OnceLock::new();

const OPERATIONS: [(&CStr, napi_callback); 25] = [
    (c"dot", Some(operations::dot)),
    (c"axpy", Some(operations::axpy)),
    (c"gemv", Some(operations::gemv)),
    (c"gemvBoth", Some(operations::gemv_both)),
    (c"residualGradient", Some(residual::residual_gradient)),
    (c"gemm", Some(operations::gemm)),
    (c"product", Some(operations::product)),
    (c"syrk", Some(operations::syrk)),
    (c"ger", Some(operations::ger)),
    (c"cholesky", Some(factor::operations::cholesky)),
    (
        c"solveTriangular",
        Some(factor::operations::solve_triangular),
    ),
    (c"areFinite", Some(grid::are_finite)),
    (c"quantise", Some(grid::quantise)),
    (c"symmetricProduct", Some(operations::symmetric_product)),
    (c"symmetricStep", Some(operations::symmetric_step)),
    (c"hermitianStep", Some(operations::hermitian_step)),
    (c"symmetricEigen", Some(eigen::operations::symmetric_eigen)),
    (c"convolve", Some(images::operations::convolve)),
    (c"filterGradient", Some(images::operations::filter_gradient)),
    (c"imageGradient", Some(images::operations::image_gradient)),
    (c"maxPool", Some(images::operations::max_pool)),
    (
        c"maxPoolGradient",
        Some(images::operations::max_pool_gradient),
    ),
    (c"channelSums", Some(images::operations::channel_sums)),
    (
        c"combineChannels",
        Some(images::operations::combine_channels),
    ),
    (c"reluGradient", Some(images::operations::relu_gradient)),
];

/// The version of Node-API that is asked for: that of Node 20.
#[unsafe(no_mangle)]
pub extern "C" fn node_api_module_get_api_version_v1() -> i32 {
    8
}

/// Called by Node when it loads the module, once in each thread.
///
/// # Safety
/// To be called by Node alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn napi_register_module_v1(env: napi_env, exports: napi_value) -> napi_value {
    // SAFETY: the process that loads the module is Node; it is never unloaded
    HOST.get_or_init(|| unsafe { Box::leak(Box::new(napi_sys::setup())) as *const _ as usize });
    // SAFETY: Node loads the module
    unsafe { threads::enter(env) };
    let text = |value: &str| {
        let mut result = null_mut();
        let length = value.len() as isize;
        // SAFETY: so many bytes are there
        unsafe {
            napi_sys::napi_create_string_utf8(env, value.as_ptr().cast(), length, &mut result)
        };
        result
    };
    let set = |name: &CStr, value: napi_value| {
        // SAFETY: `exports` is an object, and the name ends with zero
        unsafe { napi_sys::napi_set_named_property(env, exports, name.as_ptr(), value) };
    };
    // that of the package, which the script that builds it knows
    set(
        c"version",
        text(option_env!("NONCONVEX_VERSION").unwrap_or("none")),
    );
    set(c"vectors", text(vectors::name()));
    for (name, operation) in OPERATIONS {
        let mut function = null_mut();
        // SAFETY: the name ends with zero, and the function is static
        unsafe {
            napi_sys::napi_create_function(
                env,
                name.as_ptr(),
                -1,
                operation,
                null_mut(),
                &mut function,
            );
        }
        set(name, function);
    }
    exports
}
