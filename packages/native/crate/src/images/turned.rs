//! The gradient with respect to the image: convolutions of the output's gradient with the filter turned around. With a stride there is one for each
//! remainder of rows and columns by it, which only some rows and columns of the filter meet.
use super::correlate::{Places, correlate};
use super::filter::Packed;
use super::shape::{Axis, Planes, Shape};
use pulp::{Simd, WithSimd};

pub struct ImageGradient<'a> {
    pub shape: Shape,
    pub dy: &'a [f32],
    pub filter: &'a [f32],
    pub out: &'a mut [f32],
}

/// Rows or columns of the image with one remainder, from the first of them on.
#[derive(Clone, Copy)]
struct Rest {
    first: usize,
    count: usize,
    /// The first row of the filter that meets them, and how many do.
    tap: usize,
    taps: usize,
    /// Where the window of the first one begins among the rows of the gradient with zeros around them.
    window: usize,
}

/// Zeros before the gradient, and its size with all that are needed.
fn padding(axis: Axis) -> (usize, usize) {
    let before = axis.filter.div_ceil(axis.stride) - 1;
    let last = (axis.image - 1 + axis.before) / axis.stride;
    (before, before + axis.out.max(last + 1))
}

/// Those that some row of the filter meets.
fn rests(axis: Axis) -> impl Iterator<Item = Rest> {
    let (before, _) = padding(axis);
    (0..axis.stride.min(axis.image)).filter_map(move |first| {
        let tap = (first + axis.before) % axis.stride;
        let taps = axis.filter.checked_sub(tap)?.div_ceil(axis.stride);
        (taps > 0).then(|| Rest {
            first,
            count: (axis.image - first).div_ceil(axis.stride),
            tap,
            taps,
            window: before + (first + axis.before) / axis.stride + 1 - taps,
        })
    })
}

impl WithSimd for ImageGradient<'_> {
    /// None where there is no memory.
    type Output = Option<()>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<()> {
        let Shape {
            batch,
            channels,
            columns,
            outputs,
            rows,
        } = self.shape;
        let ((top, height), (left, width)) = (padding(rows), padding(columns));
        let size = [rows.out, columns.out, outputs];
        let mut planes = Planes::of(self.dy, size, [top, left], [height, width])?;
        let row = planes.pitch();
        let image_row = columns.image * channels;
        let mut parts = Vec::new();
        for down in rests(rows) {
            for across in rests(columns) {
                let run = across.taps * outputs;
                let weight = |k: usize, channel: usize| {
                    let (u, v, output) = (k / run, k % run / outputs, k % outputs);
                    let r = down.tap + rows.stride * (down.taps - 1 - u);
                    let s = across.tap + columns.stride * (across.taps - 1 - v);
                    self.filter[((r * columns.filter + s) * channels + channel) * outputs + output]
                };
                let places = Places {
                    lines: down.count,
                    width: across.count,
                    row,
                    from: [row, outputs],
                    to: [rows.stride * image_row, columns.stride * channels],
                };
                let from = down.window * row + across.window * outputs;
                let to = down.first * image_row + across.first * channels;
                let filter = Packed::of(down.taps, run, channels, weight)?;
                parts.push((places, filter, from, to));
            }
        }
        if rows.stride > rows.filter || columns.stride > columns.filter {
            self.out.fill(0.0);
        }
        let size = rows.image * image_row;
        for index in 0..batch {
            let plane = planes.plane(index);
            for (places, filter, from, to) in &parts {
                let at = plane.wrapping_add(*from);
                let out = self.out[index * size + to..].as_mut_ptr();
                // SAFETY: the plane has all windows, and the image all places
                unsafe { correlate::<S>(simd, *places, filter, at, out) };
            }
        }
        Some(())
    }
}
