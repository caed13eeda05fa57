//! The convolution itself.
use super::correlate::{Places, correlate};
use super::filter::Packed;
use super::shape::Shape;
use pulp::{Simd, WithSimd};

/// Outputs of all windows, which are written.
pub struct Convolution<'a> {
    pub shape: Shape,
    pub images: &'a [f32],
    pub filter: &'a [f32],
    pub out: &'a mut [f32],
}

impl WithSimd for Convolution<'_> {
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
        let mut planes = self.shape.planes(self.images)?;
        let (run, weights) = (columns.filter * channels, self.filter);
        let filter = Packed::of(rows.filter, run, outputs, |k, o| weights[k * outputs + o])?;
        let row = planes.pitch();
        let places = Places {
            lines: rows.out,
            width: columns.out,
            row,
            from: [rows.stride * row, columns.stride * channels],
            to: [columns.out * outputs, outputs],
        };
        let size = rows.out * columns.out * outputs;
        for index in 0..batch {
            let out = self.out[index * size..][..size].as_mut_ptr();
            // SAFETY: the plane has all windows, and this image its outputs
            unsafe { correlate(simd, places, &filter, planes.plane(index), out) };
        }
        Some(())
    }
}
