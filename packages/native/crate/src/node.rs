//! What Node hands over: numbers and views of memory, each looked at before it is used.
use napi_sys::{Status, TypedarrayType, napi_callback_info, napi_env, napi_value};
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{NonNull, null_mut};

/// The elements of a view: `length` numbers at `at`, which is aligned to them.
#[derive(Clone, Copy)]
pub struct Part<T> {
    pub at: *mut T,
    pub length: usize,
}

impl<T> Part<T> {
    /// Whether two parts of memory share bytes.
    pub fn overlaps<U>(self, other: Part<U>) -> bool {
        let (a, b) = (self.at as usize, other.at as usize);
        a < b + other.length * size_of::<U>() && b < a + self.length * size_of::<T>()
    }

    /// `length` elements from `from` on; None where the view has not as many.
    pub fn range(self, from: usize, length: usize) -> Option<Part<T>> {
        let end = from.checked_add(length)?;
        let at = self.at.wrapping_add(from);
        (end <= self.length).then_some(Part { at, length })
    }

    /// The part itself where it has exactly so many elements.
    pub fn exactly(self, length: usize) -> Option<Part<T>> {
        (self.length == length).then_some(self)
    }

    /// # Safety
    /// Nothing may write to the part while the slice lives.
    pub unsafe fn slice<'a>(self) -> &'a [T] {
        unsafe { std::slice::from_raw_parts(self.at, self.length) }
    }

    /// # Safety
    /// Nothing else may read or write the part while the slice lives.
    pub unsafe fn slice_mut<'a>(self) -> &'a mut [T] {
        unsafe { std::slice::from_raw_parts_mut(self.at, self.length) }
    }
}

/// A view of either element type.
#[derive(Clone, Copy)]
pub enum Floats {
    Double(Part<f64>),
    Single(Part<f32>),
}

/// The arguments of one call.
pub struct Call<const N: usize> {
    env: napi_env,
    values: [napi_value; N],
}

impl<const N: usize> Call<N> {
    pub fn number(&self, index: usize) -> Option<f64> {
        let mut value = 0.0;
        // SAFETY: the values live as long as the call
        let status =
            unsafe { napi_sys::napi_get_value_double(self.env, self.values[index], &mut value) };
        (status == Status::napi_ok).then_some(value)
    }

    /// An integer from 0 to 2^31 - 1, so that products of two fit.
    pub fn count(&self, index: usize) -> Option<usize> {
        let value = self.number(index)?;
        let count = value as u32;
        (f64::from(count) == value && count < 1 << 31).then_some(count as usize)
    }

    pub fn flag(&self, index: usize) -> Option<bool> {
        let mut value = false;
        // SAFETY: the values live as long as the call
        let status =
            unsafe { napi_sys::napi_get_value_bool(self.env, self.values[index], &mut value) };
        (status == Status::napi_ok).then_some(value)
    }

    /// What kind a typed array is of, its length and its memory; a detached one has no elements.
    fn view(&self, index: usize) -> Option<(i32, usize, *mut c_void)> {
        let (mut kind, mut length, mut data) = (0, 0, null_mut::<c_void>());
        // SAFETY: the values live as long as the call; what is not asked for may be null
        let status = unsafe {
            napi_sys::napi_get_typedarray_info(
                self.env,
                self.values[index],
                &mut kind,
                &mut length,
                &mut data,
                null_mut(),
                null_mut(),
            )
        };
        let is_there = status == Status::napi_ok && !(data.is_null() && length > 0);
        is_there.then_some((kind, length, data))
    }

    /// A Float64Array or Float32Array.
    pub fn floats(&self, index: usize) -> Option<Floats> {
        let (kind, length, data) = self.view(index)?;
        match kind {
            TypedarrayType::float64_array => Some(Floats::Double(part(data, length))),
            TypedarrayType::float32_array => Some(Floats::Single(part(data, length))),
            _ => None,
        }
    }

    /// A Uint32Array.
    pub fn integers(&self, index: usize) -> Option<Part<u32>> {
        let (kind, length, data) = self.view(index)?;
        (kind == TypedarrayType::uint32_array).then(|| part(data, length))
    }

    pub fn doubles(&self, index: usize) -> Option<Part<f64>> {
        match self.floats(index)? {
            Floats::Double(part) => Some(part),
            Floats::Single(_) => None,
        }
    }

    /// A new number of JavaScript.
    pub fn answer(&self, value: f64) -> Option<napi_value> {
        let mut result = null_mut();
        // SAFETY: the environment is that of the call
        let status = unsafe { napi_sys::napi_create_double(self.env, value, &mut result) };
        (status == Status::napi_ok).then_some(result)
    }
}

fn part<T>(data: *mut c_void, length: usize) -> Part<T> {
    let at = if data.is_null() {
        NonNull::dangling().as_ptr()
    } else {
        data.cast()
    };
    Part { at, length }
}

/// Runs an operation on its N arguments. It returns nothing (undefined) or a number; null says that it refuses them, and has changed nothing.
///
/// # Safety
/// To be called by Node alone.
pub unsafe fn serve<const N: usize>(
    env: napi_env,
    info: napi_callback_info,
    run: impl FnOnce(&Call<N>) -> Option<napi_value>,
) -> napi_value {
    let mut values = [null_mut(); N];
    let mut count = N;
    // SAFETY: there is room for N values; what the caller left out becomes undefined
    let status = unsafe {
        napi_sys::napi_get_cb_info(
            env,
            info,
            &mut count,
            values.as_mut_ptr(),
            null_mut(),
            null_mut(),
        )
    };
    let call = Call { env, values };
    // a panic must not unwind into Node
    let done = (status == Status::napi_ok)
        .then(|| catch_unwind(AssertUnwindSafe(|| run(&call))).ok().flatten())
        .flatten();
    done.unwrap_or_else(|| {
        let mut refused = null_mut();
        // SAFETY: the environment is that of the call
        unsafe { napi_sys::napi_get_null(env, &mut refused) };
        refused
    })
}
