//! Rows of channels: their sums, and linear combinations with coefficients for each channel.
use super::lanes::Lanes;
use crate::lines::Lines;
use crate::node::Part;
use crate::threads::{Shared, cut, share};
use crate::vectors::arch;
use pulp::{Simd, WithSimd};

/// Numbers from which on two threads take less time than one.
const WORTH_SHARING: usize = 1 << 15;

/// Parts of the rows that are summed by themselves, whatever the number of threads.
const SUMS: usize = 8;

/// The lanes of the widest vectors.
const WIDEST: usize = 16;

/// Numbers after which a vector begins with the same channel again: whole rows, and whole vectors.
fn period(channels: usize) -> usize {
    let mut rows = 1;
    while !(rows * channels).is_multiple_of(WIDEST) {
        rows *= 2;
    }
    rows * channels
}

/// Adds x to the first sums, and x y to the second ones; x counts as 0 where the gate is there and not positive.
struct Sums<'a> {
    x: &'a [f32],
    y: &'a [f32],
    gate: Option<&'a [f32]>,
    first: &'a mut [f64],
    second: &'a mut [f64],
}

#[inline(always)]
fn add<const GATED: bool>(
    first: &mut [f64],
    second: &mut [f64],
    x: &[f32],
    y: &[f32],
    gate: &[f32],
) {
    let count = x.len();
    let (first, second) = (&mut first[..count], &mut second[..count]);
    let (y, gate) = (&y[..count], &gate[..count]);
    for k in 0..count {
        let is_open = !GATED || gate[k] > 0.0;
        let value = f64::from(if is_open { x[k] } else { 0.0 });
        first[k] += value;
        second[k] += value * f64::from(y[k]);
    }
}

impl WithSimd for Sums<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let length = self.first.len();
        let rows = self.x.chunks(length).zip(self.y.chunks(length));
        match self.gate {
            None => {
                for (x, y) in rows {
                    add::<false>(self.first, self.second, x, y, x);
                }
            }
            Some(gate) => {
                for ((x, y), gate) in rows.zip(gate.chunks(length)) {
                    add::<true>(self.first, self.second, x, y, gate);
                }
            }
        }
    }
}

/// Writes the sums of x for each channel, then those of x y. None where there is no memory.
pub fn sum(
    threads: usize,
    x: &[f32],
    y: &[f32],
    gate: Option<&[f32]>,
    out: &mut [f64],
) -> Option<()> {
    let channels = out.len() / 2;
    let length = period(channels);
    let parts = SUMS.min(x.len().div_ceil(length)).max(1);
    let mut sums = Lines::<f64>::zeros(length.checked_mul(2 * parts)?)?;
    let to = Shared(sums.as_mut_ptr());
    let threads = if x.len() < WORTH_SHARING { 1 } else { threads };
    share(threads, parts, &|part| {
        let from = cut(x.len(), parts, part, length);
        let end = cut(x.len(), parts, part + 1, length);
        // SAFETY: each part has sums of its own
        let own = unsafe {
            std::slice::from_raw_parts_mut(to.get().add(2 * length * part), 2 * length)
        };
        let (first, second) = own.split_at_mut(length);
        arch().dispatch(Sums {
            x: &x[from..end],
            y: &y[from..end],
            gate: gate.map(|gate| &gate[from..end]),
            first,
            second,
        });
    });
    out.fill(0.0);
    for own in sums.chunks_exact(2 * length) {
        for (totals, own) in out.chunks_exact_mut(channels).zip(own.chunks_exact(length)) {
            for row in own.chunks_exact(channels) {
                for (total, value) in totals.iter_mut().zip(row) {
                    *total += value;
                }
            }
        }
    }
    Some(())
}

/// What is combined: `a x + b y + c`, with `a`, `b` and `c` for each channel one after the other in the coefficients. x counts as 0 where the gate is there and
/// not positive, y where it is absent; of the sum what is not positive counts as 0 where `positive` says so, but for NaN.
#[derive(Clone, Copy)]
pub struct Combination {
    pub x: Part<f32>,
    pub y: Option<Part<f32>>,
    pub gate: Option<Part<f32>>,
    pub positive: bool,
    /// May be any of the others.
    pub out: Part<f32>,
}

/// The numbers of a combination from `from` up to `end`; `table` has the coefficients of whole periods.
struct Stretch<'a> {
    of: Combination,
    table: &'a [f32],
    from: usize,
    end: usize,
}

impl Stretch<'_> {
    #[inline(always)]
    fn run<S: Simd, const ADDED: bool, const GATED: bool, const POSITIVE: bool>(self, simd: S) {
        let Combination { x, y, gate, out, .. } = self.of;
        let y = y.map_or(x.at, |y| y.at);
        let gate = gate.map_or(x.at, |gate| gate.at);
        let length = self.table.len() / 3;
        let table = self.table.as_ptr();
        let zero = simd.splat_f32s(0.0);
        let whole = Lanes::whole(simd);
        for start in (self.from..self.end).step_by(length) {
            let count = length.min(self.end - start);
            for k in (0..count).step_by(S::F32_LANES) {
                let lanes = if count - k >= S::F32_LANES {
                    whole
                } else {
                    Lanes::first(simd, count - k)
                };
                let at = start + k;
                // SAFETY: all have the numbers of the lanes
                unsafe {
                    let mut value = lanes.load(simd, x.at.add(at));
                    if GATED {
                        let is_open =
                            simd.greater_than_f32s(lanes.load(simd, gate.add(at)), zero);
                        value = simd.select_f32s(is_open, value, zero);
                    }
                    let mut sum = lanes.load(simd, table.add(2 * length + k));
                    if ADDED {
                        let factor = lanes.load(simd, table.add(length + k));
                        sum = simd.mul_add_e_f32s(factor, lanes.load(simd, y.add(at)), sum);
                    }
                    sum = simd.mul_add_e_f32s(lanes.load(simd, table.add(k)), value, sum);
                    if POSITIVE {
                        let is_off = simd.less_than_or_equal_f32s(sum, zero);
                        sum = simd.select_f32s(is_off, zero, sum);
                    }
                    lanes.store(simd, out.at.add(at), sum);
                }
            }
        }
    }
}

impl WithSimd for Stretch<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Combination {
            gate, positive, y, ..
        } = self.of;
        match (y.is_some(), gate.is_some(), positive) {
            (false, false, false) => self.run::<S, false, false, false>(simd),
            (false, false, true) => self.run::<S, false, false, true>(simd),
            (false, true, false) => self.run::<S, false, true, false>(simd),
            (false, true, true) => self.run::<S, false, true, true>(simd),
            (true, false, false) => self.run::<S, true, false, false>(simd),
            (true, false, true) => self.run::<S, true, false, true>(simd),
            (true, true, false) => self.run::<S, true, true, false>(simd),
            (true, true, true) => self.run::<S, true, true, true>(simd),
        }
    }
}

/// Computes a combination. None where there is no memory.
pub fn combine(threads: usize, coefficients: &[f32], of: Combination) -> Option<()> {
    let channels = coefficients.len() / 3;
    let length = period(channels);
    let mut table = Lines::<f32>::zeros(length.checked_mul(3)?)?;
    for (rows, row) in table
        .chunks_exact_mut(length)
        .zip(coefficients.chunks_exact(channels))
    {
        for to in rows.chunks_exact_mut(channels) {
            to.copy_from_slice(row);
        }
    }
    let count = of.out.length;
    let threads = if count < WORTH_SHARING { 1 } else { threads };
    let parts = threads.min(count.div_ceil(length)).max(1);
    let given = Shared(of);
    share(threads, parts, &|part| {
        arch().dispatch(Stretch {
            of: given.get(),
            table: &table,
            from: cut(count, parts, part, length),
            end: cut(count, parts, part + 1, length),
        });
    });
    Some(())
}
