//! Rows of numbers in whole vectors, with zeros behind them.
use crate::lines::Lines;
use pulp::Simd;
use pulp::bytemuck::{Zeroable, cast_slice, cast_slice_mut};

/// Vectors of a row.
pub fn pitch<S: Simd>(width: usize) -> usize {
    width.div_ceil(S::F64_LANES)
}

/// None where there is no memory.
pub fn padded<S: Simd>(from: &[f64], width: usize) -> Option<Lines<S::f64s>> {
    let rows = from.len() / width;
    let mut vectors = Lines::<S::f64s>::zeros(rows.checked_mul(pitch::<S>(width))?)?;
    let numbers: &mut [f64] = cast_slice_mut(&mut vectors);
    let step = pitch::<S>(width) * S::F64_LANES;
    for (row, to) in from.chunks(width).zip(numbers.chunks_mut(step)) {
        to[..width].copy_from_slice(row);
    }
    Some(vectors)
}

pub fn unpadded<S: Simd>(from: &[S::f64s], width: usize, to: &mut [f64]) {
    let step = pitch::<S>(width) * S::F64_LANES;
    let numbers: &[f64] = cast_slice(from);
    for (row, from) in to.chunks_mut(width).zip(numbers.chunks(step)) {
        row.copy_from_slice(&from[..width]);
    }
}

/// A row in P vectors, which registers can hold.
pub type Part<S, const P: usize> = [<S as Simd>::f64s; P];

pub fn part<S: Simd, const P: usize>(from: &[f64]) -> Part<S, P> {
    let mut part = [Zeroable::zeroed(); P];
    cast_slice_mut::<S::f64s, f64>(&mut part)[..from.len()].copy_from_slice(from);
    part
}

/// Rows of `width` numbers; None where there is no memory.
pub fn parts<S: Simd, const P: usize>(from: &[f64], width: usize) -> Option<Vec<Part<S, P>>> {
    let mut parts = Vec::new();
    parts.try_reserve_exact(from.len() / width).ok()?;
    for row in from.chunks_exact(width) {
        parts.push(part::<S, P>(row));
    }
    Some(parts)
}

pub fn part_to<S: Simd, const P: usize>(from: &Part<S, P>, to: &mut [f64]) {
    let count = to.len();
    to.copy_from_slice(&cast_slice::<S::f64s, f64>(from)[..count]);
}
