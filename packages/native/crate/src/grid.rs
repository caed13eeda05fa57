//! Rows as integers of a grid, clipped to a ball: the operations of the plain loops in their order, none fused, so that the bits are theirs.
use crate::node::{Call, serve};
#[cfg(target_arch = "x86_64")]
use crate::vectors::of_256_bits;
use napi_sys::{napi_callback_info, napi_env, napi_value};

/// Sums of squares below it have lost digits.
const LEAST_SUM: f64 = 1.0020841800044864e-292;
/// Norms of longer rows might overflow.
const LONGEST: f64 = 1e200;
/// 2^-60, for these.
const SHORTER: f64 = 8.673617379884035e-19;
/// 1 - 2^-18: of rows that are still too long when they are rounded towards zero.
const SHARE: f64 = 0.9999961853027344;

type Four = [f64; 4];

/// Arithmetic on four numbers at once: the sums of the plain loops go in fours, whatever the vectors of the machine.
trait Fours: Copy {
    type Vector: Copy;
    fn of(self, numbers: Four) -> Self::Vector;
    fn numbers(self, x: Self::Vector) -> Four;
    fn add(self, x: Self::Vector, y: Self::Vector) -> Self::Vector;
    fn subtract(self, x: Self::Vector, y: Self::Vector) -> Self::Vector;
    fn multiply(self, x: Self::Vector, y: Self::Vector) -> Self::Vector;
    fn divide(self, x: Self::Vector, y: Self::Vector) -> Self::Vector;
    fn floor(self, x: Self::Vector) -> Self::Vector;
    fn ceil(self, x: Self::Vector) -> Self::Vector;
    fn truncate(self, x: Self::Vector) -> Self::Vector;
}

#[derive(Clone, Copy)]
struct Plain;

#[inline(always)]
fn pairwise(x: Four, y: Four, f: impl Fn(f64, f64) -> f64) -> Four {
    std::array::from_fn(|k| f(x[k], y[k]))
}

#[rustfmt::skip]
impl Fours for Plain {
    type Vector = Four;
    #[inline(always)] fn of(self, numbers: Four) -> Four { numbers }
    #[inline(always)] fn numbers(self, x: Four) -> Four { x }
    #[inline(always)] fn add(self, x: Four, y: Four) -> Four { pairwise(x, y, |a, b| a + b) }
    #[inline(always)] fn subtract(self, x: Four, y: Four) -> Four { pairwise(x, y, |a, b| a - b) }
    #[inline(always)] fn multiply(self, x: Four, y: Four) -> Four { pairwise(x, y, |a, b| a * b) }
    #[inline(always)] fn divide(self, x: Four, y: Four) -> Four { pairwise(x, y, |a, b| a / b) }
    #[inline(always)] fn floor(self, x: Four) -> Four { x.map(f64::floor) }
    #[inline(always)] fn ceil(self, x: Four) -> Four { x.map(f64::ceil) }
    #[inline(always)] fn truncate(self, x: Four) -> Four { x.map(f64::trunc) }
}

#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
impl Fours for pulp::x86::V3 {
    type Vector = pulp::f64x4;
    #[inline(always)] fn of(self, numbers: Four) -> Self::Vector { pulp::cast(numbers) }
    #[inline(always)] fn numbers(self, x: Self::Vector) -> Four { pulp::cast(x) }
    #[inline(always)] fn add(self, x: Self::Vector, y: Self::Vector) -> Self::Vector { self.add_f64x4(x, y) }
    #[inline(always)] fn subtract(self, x: Self::Vector, y: Self::Vector) -> Self::Vector { self.sub_f64x4(x, y) }
    #[inline(always)] fn multiply(self, x: Self::Vector, y: Self::Vector) -> Self::Vector { self.mul_f64x4(x, y) }
    #[inline(always)] fn divide(self, x: Self::Vector, y: Self::Vector) -> Self::Vector { self.div_f64x4(x, y) }
    #[inline(always)] fn floor(self, x: Self::Vector) -> Self::Vector { self.floor_f64x4(x) }
    #[inline(always)] fn ceil(self, x: Self::Vector) -> Self::Vector { self.ceil_f64x4(x) }
    #[inline(always)] fn truncate(self, x: Self::Vector) -> Self::Vector {
        use std::arch::x86_64::{_MM_FROUND_NO_EXC, _MM_FROUND_TO_ZERO};
        pulp::cast(self.avx._mm256_round_pd::<{ _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC }>(pulp::cast(x)))
    }
}

/// A ball of integer vectors: its radius, the grid in a unit of it, and the largest sum of squares of the integers.
#[derive(Clone, Copy)]
struct Ball {
    bound: f64,
    steps: f64,
    largest: f64,
}

/// Four numbers from `at` on, zeros where there are fewer: they change no sum.
#[inline(always)]
fn four(from: &[f64], at: usize) -> Four {
    let from = &from[at..];
    // one by one, since a copy of so few numbers is a call
    let padded = || std::array::from_fn(|k| from.get(k).copied().unwrap_or(0.0));
    from.first_chunk().copied().unwrap_or_else(padded)
}

#[inline(always)]
fn total(sums: Four) -> f64 {
    sums[0] + sums[1] + (sums[2] + sums[3])
}

#[inline(always)]
fn is_safe(squares: f64) -> bool {
    (LEAST_SUM..f64::INFINITY).contains(&squares)
}

/// Writes the row minus the centre, halves of both subtracted and the difference times `size`; gives the sum of squares.
#[inline(always)]
fn centred<F: Fours>(with: F, from: &[f64], centre: &[Four], size: f64, row: &mut [Four]) -> f64 {
    let (half, size) = (with.of([0.5; 4]), with.of([size; 4]));
    let mut sums = with.of([0.0; 4]);
    for (q, (place, c)) in row.iter_mut().zip(centre).enumerate() {
        let x = with.multiply(with.of(four(from, 4 * q)), half);
        let difference = with.subtract(x, with.multiply(with.of(*c), half));
        let value = with.multiply(difference, size);
        sums = with.add(sums, with.multiply(value, value));
        *place = with.numbers(value);
    }
    total(with.numbers(sums))
}

fn largest_magnitude(row: &[Four]) -> f64 {
    row.as_flattened()
        .iter()
        .fold(0.0, |most, x| most.max(x.abs()))
}

/// The norm of a row that is centred again where its squares have digits to lose: a shorter one in its direction where it might overflow.
#[cold]
fn norm_safely(from: &[f64], centre: &[Four], row: &mut [Four]) -> f64 {
    centred(Plain, from, centre, 1.0, row);
    let is_long = largest_magnitude(row) > LONGEST;
    let size = if is_long { SHORTER } else { 2.0 };
    let mut sums = [0.0; 4];
    for place in row.iter_mut() {
        *place = place.map(|x| x * size);
        sums = pairwise(sums, *place, |sum, x| sum + x * x);
    }
    let sum = total(sums);
    if is_safe(sum) {
        return sum.sqrt();
    }
    let largest = largest_magnitude(row);
    if largest == 0.0 || largest == f64::INFINITY {
        return largest;
    }
    let ratios = row.as_flattened().iter().map(|x| x / largest);
    largest * ratios.map(|ratio| ratio * ratio).sum::<f64>().sqrt()
}

/// Rounds every number of the row, and gives the sum of the squares: integers, so that their order is free.
#[inline(always)]
fn rounded<F: Fours>(
    with: F,
    row: &[Four],
    out: &mut [f64],
    round: impl Fn(F::Vector) -> F::Vector,
) -> f64 {
    let zero = with.of([0.0; 4]);
    let mut sums = zero;
    for (place, x) in out.chunks_mut(4).zip(row) {
        // without the negative zero
        let value = with.add(round(with.of(*x)), zero);
        sums = with.add(sums, with.multiply(value, value));
        let numbers = with.numbers(value);
        match place.first_chunk_mut() {
            Some(whole) => *whole = numbers,
            None => place.iter_mut().zip(numbers).for_each(|(to, x)| *to = x),
        }
    }
    total(with.numbers(sums))
}

/// Rows of `width` numbers, and where their integers go; `row` is a place to work.
struct Table<'a> {
    width: usize,
    rows: &'a [f64],
    ball: Ball,
    centre: &'a [Four],
    out: &'a mut [f64],
    row: &'a mut [Four],
}

/// Writes the integers of all rows, and gives how many rows were longer than the bound.
#[inline(always)]
fn quantised<F: Fours>(with: F, table: Table) -> usize {
    let Table {
        width,
        rows,
        ball,
        centre,
        out,
        row,
    } = table;
    let Ball {
        bound,
        steps,
        largest,
    } = ball;
    let half = with.of([0.5; 4]);
    let mut clipped = 0;
    for (from, out) in rows.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        let sum = centred(with, from, centre, 2.0, row);
        let norm = if is_safe(sum) {
            sum.sqrt()
        } else {
            norm_safely(from, centre, row)
        };
        let mut factor = steps;
        if norm > bound {
            clipped += 1;
            let norms = with.of([norm; 4]);
            for place in row.iter_mut() {
                *place = with.numbers(with.divide(with.of(*place), norms));
            }
            factor = bound * steps;
        }
        let twice = with.of([2.0 * factor; 4]);
        let once = with.of([factor; 4]);
        let share = with.of([SHARE; 4]);
        // halves up
        let nearest = |x| with.ceil(with.multiply(half, with.floor(with.multiply(x, twice))));
        let inward = |x| with.truncate(with.multiply(x, once));
        let shorter = |x| with.truncate(with.multiply(with.multiply(x, once), share));
        let is_in = rounded(with, row, out, nearest) <= largest
            || rounded(with, row, out, inward) <= largest;
        if !is_in {
            rounded(with, row, out, shorter);
        }
    }
    clipped
}

/// `quantised` for rows of exactly so many fours: with lengths that the compiler knows, the loops over a row are none.
#[inline(always)]
fn quantised_fours<F: Fours, const FOURS: usize>(with: F, table: Table) -> usize {
    let known = Table {
        width: 4 * FOURS,
        centre: &table.centre[..FOURS],
        row: &mut table.row[..FOURS],
        ..table
    };
    quantised(with, known)
}

/// `quantised`, by the number of columns.
#[inline(always)]
fn by_width<F: Fours>(with: F, table: Table) -> usize {
    match table.width {
        4 => quantised_fours::<F, 1>(with, table),
        8 => quantised_fours::<F, 2>(with, table),
        12 => quantised_fours::<F, 3>(with, table),
        16 => quantised_fours::<F, 4>(with, table),
        20 => quantised_fours::<F, 5>(with, table),
        24 => quantised_fours::<F, 6>(with, table),
        _ => quantised(with, table),
    }
}

/// `quantised` on the vectors of the machine.
fn on_machine(table: Table) -> usize {
    #[cfg(target_arch = "x86_64")]
    if let Some(with) = of_256_bits() {
        return with.vectorize(
            #[inline(always)]
            || by_width(with, table),
        );
    }
    quantised(Plain, table)
}

/// The bits of an exponent, which are all set in what is infinite or no number.
const EXPONENT: u64 = 0x7ff0_0000_0000_0000;

/// Whether no number is infinite or NaN: of all numbers, without a branch.
#[inline(always)]
fn finite(numbers: &[f64]) -> bool {
    let is_not = |x: &f64| x.to_bits() & EXPONENT == EXPONENT;
    !numbers.iter().fold(false, |any, x| any | is_not(x))
}

/// `finite` on the vectors of the machine.
fn finite_on_machine(numbers: &[f64]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if let Some(with) = of_256_bits() {
        return with.vectorize(
            #[inline(always)]
            || finite(numbers),
        );
    }
    finite(numbers)
}

/// areFinite(numbers): 1 where they are, else 0.
pub unsafe extern "C" fn are_finite(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<1>| {
        let numbers = call.doubles(0)?;
        // SAFETY: nothing writes while they are read
        let numbers = unsafe { numbers.slice() };
        call.answer(f64::from(u8::from(finite_on_machine(numbers))))
    };
    unsafe { serve(env, info, run) }
}

/// None where there is no memory for two rows.
fn quantise_rows(rows: &[f64], ball: Ball, centre: &[f64], out: &mut [f64]) -> Option<usize> {
    let width = centre.len();
    let count = width.div_ceil(4);
    let mut work: Vec<Four> = Vec::new();
    work.try_reserve_exact(2 * count).ok()?;
    work.extend((0..count).map(|q| four(centre, 4 * q)));
    work.resize(2 * count, [0.0; 4]);
    let (centre, row) = work.split_at_mut(count);
    let clipped = on_machine(Table {
        width,
        rows,
        ball,
        centre,
        out,
        row: &mut *row,
    });
    // what is left of a row is nobody's
    row.fill([0.0; 4]);
    Some(clipped)
}

/// quantise(bound, steps, largest, rows, centre, out): how many rows were clipped.
pub unsafe extern "C" fn quantise(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<6>| {
        let ball = Ball {
            bound: call.number(0)?,
            steps: call.number(1)?,
            largest: call.number(2)?,
        };
        let (rows, centre) = (call.doubles(3)?, call.doubles(4)?);
        let out = call.doubles(5)?.exactly(rows.length)?;
        let is_whole = centre.length > 0 && rows.length % centre.length == 0;
        if !is_whole || out.overlaps(rows) || out.overlaps(centre) {
            return None;
        }
        // SAFETY: the output shares nothing with the inputs, which are only read
        let (rows, centre, out) = unsafe { (rows.slice(), centre.slice(), out.slice_mut()) };
        call.answer(quantise_rows(rows, ball, centre, out)? as f64)
    };
    unsafe { serve(env, info, run) }
}
