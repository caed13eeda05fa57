//! Filters in whole vectors, and their gradient.
use super::lanes::Lanes;
use super::shape::Shape;
use super::tiles::{in_tiles, tile_length};
use crate::lines::Lines;
use pulp::{Simd, WithSimd};

/// The weights of one filter for each output: `rows` times `run` numbers of an image, those of a row without gaps.
pub struct Packed<N> {
    /// For as many outputs as a vector has lanes all weights, then for the next ones.
    vectors: Lines<N>,
    pub rows: usize,
    pub run: usize,
    pub outputs: usize,
}

impl<N: pulp::bytemuck::Pod> Packed<N> {
    /// Of `weight(k, output)`, the k-th of them. None where there is no memory.
    pub fn of(
        rows: usize,
        run: usize,
        outputs: usize,
        weight: impl Fn(usize, usize) -> f32,
    ) -> Option<Self> {
        let (count, lanes) = (rows * run, size_of::<N>() / size_of::<f32>());
        let mut vectors = Lines::<N>::zeros(count.checked_mul(outputs.div_ceil(lanes))?)?;
        let numbers: &mut [f32] = pulp::bytemuck::cast_slice_mut(&mut vectors);
        for first in (0..outputs).step_by(lanes) {
            for k in 0..count {
                for output in first..outputs.min(first + lanes) {
                    numbers[first * count + k * lanes + output - first] = weight(k, output);
                }
            }
        }
        Some(Self {
            vectors,
            rows,
            run,
            outputs,
        })
    }

    /// All weights for the v-th vector of outputs.
    pub fn vector(&self, v: usize) -> &[N] {
        let count = self.rows * self.run;
        &self.vectors[v * count..][..count]
    }
}

/// The gradient with respect to the filter.
pub struct FilterGradient<'a> {
    pub shape: Shape,
    pub images: &'a [f32],
    pub dy: &'a [f32],
    pub out: &'a mut [f32],
}

/// One image and its output's gradient, for the outputs of one vector.
struct Image<'a, S: Simd> {
    shape: Shape,
    at: *const f32,
    row: usize,
    /// How far the number below each weight is from the beginning of its window.
    offsets: &'a [usize],
    dy: *const f32,
    out: *mut f32,
    lanes: Lanes<S>,
}

impl<S: Simd> Clone for Image<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Simd> Copy for Image<'_, S> {}

/// out += the products of K weights from `from` on, but for the first `skip`.
#[inline(always)]
fn add_products<S: Simd, const K: usize>(simd: S, image: Image<'_, S>, from: usize, skip: usize) {
    let Shape {
        rows,
        columns,
        channels,
        outputs,
        ..
    } = image.shape;
    let offsets: [usize; K] = image.offsets[from..][..K].try_into().unwrap();
    let mut sums = [simd.splat_f32s(0.0); K];
    let step = columns.stride * channels;
    for i in 0..rows.out {
        // SAFETY: windows lie in the plane, and the gradient has a vector for each
        unsafe {
            let mut window = image.at.add(i * rows.stride * image.row);
            let mut dy = image.dy.add(i * columns.out * outputs);
            for _ in 0..columns.out {
                let gradient = image.lanes.load(simd, dy);
                for k in 0..K {
                    let number = simd.splat_f32s(*window.add(offsets[k]));
                    sums[k] = simd.mul_add_e_f32s(number, gradient, sums[k]);
                }
                window = window.wrapping_add(step);
                dy = dy.wrapping_add(outputs);
            }
        }
    }
    for (k, sum) in sums.iter().enumerate().skip(skip) {
        // SAFETY: the weight is there for each output of the lanes
        unsafe {
            let to = image.out.add((from + k) * outputs);
            let before = image.lanes.load(simd, to);
            image.lanes.store(simd, to, simd.add_f32s(before, *sum));
        }
    }
}

impl WithSimd for FilterGradient<'_> {
    /// None where there is no memory.
    type Output = Option<()>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<()> {
        let shape = self.shape;
        let mut planes = shape.planes(self.images)?;
        let run = shape.columns.filter * shape.channels;
        let pitch = planes.pitch();
        let mut offsets = Vec::new();
        offsets.try_reserve_exact(shape.rows.filter * run).ok()?;
        offsets.extend((0..shape.rows.filter * run).map(|k| k / run * pitch + k % run));
        self.out.fill(0.0);
        let places = shape.rows.out * shape.columns.out;
        let length = tile_length(offsets.len());
        for index in 0..shape.batch {
            let at = planes.plane(index);
            for first in (0..shape.outputs).step_by(S::F32_LANES) {
                let image = Image {
                    shape,
                    at,
                    row: pitch,
                    offsets: &offsets,
                    dy: self.dy[index * places * shape.outputs + first..].as_ptr(),
                    out: self.out[first..].as_mut_ptr(),
                    lanes: Lanes::first(simd, shape.outputs - first),
                };
                in_tiles!(offsets.len(), length, add_products, simd, image);
            }
        }
        Some(())
    }
}
