//! The largest numbers of windows, each channel by itself, and their gradient.
use super::shape::Shape;
use crate::real::Real;
use pulp::{Simd, WithSimd};

/// The largest of each window, of which NaN is none; of nothing it is -Infinity.
pub struct Pool<'a> {
    pub shape: Shape,
    pub images: &'a [f32],
    pub out: &'a mut [f32],
}

/// What goes to the first of the largest in each window; to none where that is NaN.
pub struct PoolGradient<'a> {
    pub shape: Shape,
    pub dy: &'a [f32],
    pub images: &'a [f32],
    pub largest: &'a [f32],
    pub out: &'a mut [f32],
}

/// Calls `window` with the first index of every output, with that of the number where its window begins, and with its rows and columns.
#[inline(always)]
fn for_windows(shape: Shape, mut window: impl FnMut(usize, usize, usize, usize)) {
    let Shape {
        batch,
        channels,
        columns,
        rows,
        ..
    } = shape;
    let mut output = 0;
    for index in 0..batch {
        for i in 0..rows.out {
            let (top, bottom) = rows.window(i);
            for j in 0..columns.out {
                let (left, right) = columns.window(j);
                let at = ((index * rows.image + top) * columns.image + left) * channels;
                window(
                    output,
                    at,
                    bottom.saturating_sub(top),
                    right.saturating_sub(left),
                );
                output += channels;
            }
        }
    }
}

/// The channels of the mask.
#[inline(always)]
fn load<S: Simd>(simd: S, mask: <f32 as Real>::Mask<S>, from: &[f32]) -> S::f32s {
    // SAFETY: there is a number for each
    unsafe { <f32 as Real>::load(simd, mask, from.as_ptr()) }
}

impl WithSimd for Pool<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Shape {
            channels, columns, ..
        } = self.shape;
        let line = columns.image * channels;
        for first in (0..channels).step_by(S::F32_LANES) {
            let mask = <f32 as Real>::mask(simd, (channels - first).min(S::F32_LANES));
            for_windows(
                self.shape,
                #[inline(always)]
                |output, at, height, width| {
                    let mut largest = simd.splat_f32s(f32::NEG_INFINITY);
                    for r in 0..height {
                        for s in 0..width {
                            let from = at + r * line + s * channels + first;
                            let value = load(simd, mask, &self.images[from..]);
                            let is_larger = simd.greater_than_f32s(value, largest);
                            largest = simd.select_f32s(is_larger, value, largest);
                        }
                    }
                    let to = self.out[output + first..].as_mut_ptr();
                    // SAFETY: the lanes of the mask are channels
                    unsafe { <f32 as Real>::store(simd, mask, to, largest) };
                },
            );
        }
    }
}

impl WithSimd for PoolGradient<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Shape {
            channels,
            columns,
            rows,
            ..
        } = self.shape;
        // a window of its own is not read: part of it has just been written, which the processor would wait for
        let is_apart = rows.stride >= rows.filter && columns.stride >= columns.filter;
        let line = columns.image * channels;
        self.out.fill(0.0);
        let zero = simd.splat_f32s(0.0);
        for first in (0..channels).step_by(S::F32_LANES) {
            let mask = <f32 as Real>::mask(simd, (channels - first).min(S::F32_LANES));
            for_windows(
                self.shape,
                #[inline(always)]
                |output, at, height, width| {
                    let gradient = load(simd, mask, &self.dy[output + first..]);
                    let largest = load(simd, mask, &self.largest[output + first..]);
                    let mut left = simd.equal_f32s(largest, largest);
                    for r in 0..height {
                        for s in 0..width {
                            let from = at + r * line + s * channels + first;
                            let is_equal =
                                simd.equal_f32s(load(simd, mask, &self.images[from..]), largest);
                            let is_first = simd.and_m32s(left, is_equal);
                            left = simd.xor_m32s(left, is_first);
                            let added = simd.select_f32s(is_first, gradient, zero);
                            let to = &mut self.out[from..];
                            let sum = if is_apart {
                                added
                            } else {
                                simd.add_f32s(load(simd, mask, to), added)
                            };
                            // SAFETY: the lanes of the mask are channels
                            unsafe { <f32 as Real>::store(simd, mask, to.as_mut_ptr(), sum) };
                        }
                    }
                },
            );
        }
    }
}
