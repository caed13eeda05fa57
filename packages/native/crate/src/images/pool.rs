//! The largest numbers of windows, each channel by itself, and their gradient.
use super::lanes::Lanes;
use super::shape::Shape;
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
                match (bottom.saturating_sub(top), right.saturating_sub(left)) {
                    // the usual ones, without loops
                    (2, 2) => window(output, at, 2, 2),
                    (3, 3) => window(output, at, 3, 3),
                    (height, width) => window(output, at, height, width),
                }
                output += channels;
            }
        }
    }
}

/// Calls `vector` with the first channel of every vector, and its lanes: whole ones are known where it is compiled.
#[inline(always)]
fn for_vectors<S: Simd>(simd: S, channels: usize, mut vector: impl FnMut(usize, Lanes<S>)) {
    for first in (0..channels).step_by(S::F32_LANES) {
        if channels - first >= S::F32_LANES {
            vector(first, Lanes::whole(simd));
        } else {
            vector(first, Lanes::first(simd, channels - first));
        }
    }
}

impl WithSimd for Pool<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Shape {
            channels, columns, ..
        } = self.shape;
        let line = columns.image * channels;
        let (images, out) = (self.images.as_ptr(), self.out.as_mut_ptr());
        for_vectors(
            simd,
            channels,
            #[inline(always)]
            |first, lanes| {
                for_windows(
                    self.shape,
                    #[inline(always)]
                    |output, at, height, width| {
                        let mut largest = simd.splat_f32s(f32::NEG_INFINITY);
                        for r in 0..height {
                            for s in 0..width {
                                let from = at + r * line + s * channels + first;
                                // SAFETY: the window lies in the image
                                let value = unsafe { lanes.load(simd, images.add(from)) };
                                let is_larger = simd.greater_than_f32s(value, largest);
                                largest = simd.select_f32s(is_larger, value, largest);
                            }
                        }
                        // SAFETY: there is a number for each channel
                        unsafe { lanes.store(simd, out.add(output + first), largest) };
                    },
                );
            },
        );
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
        let is_covered = is_apart && rows.is_covered() && columns.is_covered();
        if !is_covered {
            self.out.fill(0.0);
        }
        let zero = simd.splat_f32s(0.0);
        let (dy, images) = (self.dy.as_ptr(), self.images.as_ptr());
        let (largest_of, out) = (self.largest.as_ptr(), self.out.as_mut_ptr());
        for_vectors(
            simd,
            channels,
            #[inline(always)]
            |first, lanes| {
                for_windows(
                    self.shape,
                    #[inline(always)]
                    |output, at, height, width| {
                        // SAFETY: there is a number for each channel, and the window lies in the image
                        unsafe {
                            let gradient = lanes.load(simd, dy.add(output + first));
                            let largest = lanes.load(simd, largest_of.add(output + first));
                            let mut left = simd.equal_f32s(largest, largest);
                            for r in 0..height {
                                for s in 0..width {
                                    let from = at + r * line + s * channels + first;
                                    let number = lanes.load(simd, images.add(from));
                                    let is_equal = simd.equal_f32s(number, largest);
                                    let is_first = simd.and_m32s(left, is_equal);
                                    left = simd.xor_m32s(left, is_first);
                                    let added = simd.select_f32s(is_first, gradient, zero);
                                    let to = out.add(from);
                                    let sum = if is_apart {
                                        added
                                    } else {
                                        simd.add_f32s(lanes.load(simd, to), added)
                                    };
                                    lanes.store(simd, to, sum);
                                }
                            }
                        }
                    },
                );
            },
        );
    }
}
