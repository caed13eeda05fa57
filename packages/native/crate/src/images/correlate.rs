//! Products of a filter with the windows of one image.
use super::filter::Packed;
use super::lanes::Lanes;
use super::tiles::{in_tiles, tile_length};
use pulp::Simd;

/// Places of a filter: how many lines of how many, and of lines and places how far the numbers below them and those of the output are apart.
#[derive(Clone, Copy)]
pub struct Places {
    pub lines: usize,
    pub width: usize,
    /// Of the image from row to row below one filter.
    pub row: usize,
    /// Of the image from line to line, and from place to place.
    pub from: [usize; 2],
    pub to: [usize; 2],
}

/// Places on one line, for the outputs of one vector.
struct Line<'a, S: Simd> {
    at: *const f32,
    row: usize,
    step: usize,
    filter: &'a [S::f32s],
    run: usize,
    out: *mut f32,
    to: usize,
    lanes: Lanes<S>,
}

impl<S: Simd> Clone for Line<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Simd> Copy for Line<'_, S> {}

/// The outputs of P places from `from` on, of which the first ones may be computed again.
#[inline(always)]
fn multiply<S: Simd, const P: usize>(simd: S, line: Line<'_, S>, from: usize, _again: usize) {
    let mut sums = [simd.splat_f32s(0.0); P];
    let first = line.at.wrapping_add(from * line.step);
    for (r, weights) in line.filter.chunks_exact(line.run).enumerate() {
        let mut numbers = first.wrapping_add(r * line.row);
        for weight in weights {
            for p in 0..P {
                // SAFETY: the windows of these places lie in the image
                let number = simd.splat_f32s(unsafe { *numbers.add(p * line.step) });
                sums[p] = simd.mul_add_e_f32s(number, *weight, sums[p]);
            }
            numbers = numbers.wrapping_add(1);
        }
    }
    for (p, sum) in sums.iter().enumerate() {
        // SAFETY: the output has the lanes at each place
        unsafe {
            line.lanes
                .store(simd, line.out.add((from + p) * line.to), *sum)
        };
    }
}

/// Writes all outputs of one image.
///
/// # Safety
/// The windows of all places lie in memory from `at` on, their outputs in that from `out` on, which nothing else uses.
#[inline(always)]
pub unsafe fn correlate<S: Simd>(
    simd: S,
    places: Places,
    filter: &Packed<S::f32s>,
    at: *const f32,
    out: *mut f32,
) {
    let length = tile_length(places.width);
    for (v, first) in (0..filter.outputs).step_by(S::F32_LANES).enumerate() {
        let lanes = Lanes::first(simd, filter.outputs - first);
        for i in 0..places.lines {
            let line = Line::<S> {
                at: at.wrapping_add(i * places.from[0]),
                row: places.row,
                step: places.from[1],
                filter: filter.vector(v),
                run: filter.run,
                out: out.wrapping_add(i * places.to[0] + first),
                to: places.to[1],
                lanes,
            };
            in_tiles!(places.width, length, multiply, simd, line);
        }
    }
}
