//! Runs of gradient descent of two layers in the space of their samples, as `descendInSamples` of numerics has them.
//!
//! A step goes over the columns in blocks, which threads share: nothing but the predictions is of more than one, and they are summed block by block.
use crate::gemm::{Sizes, Strided, multiply_shared};
use crate::real::Real;
use crate::rows;
use crate::threads::{Shared, share};
use pulp::{Arch, Simd, WithSimd};

/// The functions that are compiled here; where slopes are held the values are their products with the pre-activations.
#[derive(Clone, Copy)]
pub enum Values {
    Held,
    Identity,
    Relu,
    Square,
    Cube,
}

/// Columns of a block, the same whatever the number of threads, so that the bits do not depend on it.
const BREADTH: usize = 128;

/// Multiply-adds of a step from which on two threads take less time than one.
const WORTH_SHARING: usize = 1 << 20;

/// Rows of values that a pass over the weights takes at once.
const TOGETHER: usize = 8;

/// n x m arrays, and what a step changes beside them.
#[derive(Clone, Copy)]
pub struct Samples<T> {
    pub kind: Values,
    pub n: usize,
    pub m: usize,
    pub scale: f64,
    pub rate: f64,
    pub gram: *const T,
    pub z: *mut T,
    pub moved: *mut T,
    pub value: *mut T,
    pub slope: *mut T,
    pub change: *mut T,
    pub weights: *mut T,
    pub seen: *mut T,
    pub adjoint: *const T,
}

/// The loss `factor` times the sum of squares, and where the run ends.
pub struct Judge<'a, T> {
    pub factor: f64,
    pub above: f64,
    pub at_most: f64,
    pub targets: &'a [f64],
    pub predictions: &'a mut [T],
    pub adjoint: &'a mut [T],
    pub losses: &'a mut [f64],
}

/// Columns `from` to `from + columns` of a run.
#[derive(Clone, Copy)]
struct Block<T> {
    run: Samples<T>,
    from: usize,
    columns: usize,
}

impl<T: Real> Block<T> {
    /// # Safety
    /// Nothing writes to the part of row k of a matrix of the run while the slice lives.
    #[inline(always)]
    unsafe fn row<'a>(self, matrix: *mut T, k: usize) -> &'a [T] {
        unsafe { std::slice::from_raw_parts(matrix.add(k * self.run.m + self.from), self.columns) }
    }

    /// # Safety
    /// Nothing else uses the part of row k of a matrix of the run while the slice lives.
    #[inline(always)]
    unsafe fn row_mut<'a>(self, matrix: *mut T, k: usize) -> &'a mut [T] {
        let at = k * self.run.m + self.from;
        unsafe { std::slice::from_raw_parts_mut(matrix.add(at), self.columns) }
    }
}

/// Values and slopes of a block, and the sums of its values times the weights, one a row.
struct Look<'a, T> {
    block: Block<T>,
    sums: &'a mut [T],
}

impl<T: Real> WithSimd for Look<'_, T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { block, sums } = self;
        let run = block.run;
        let (zero, one) = (T::default(), T::ONE);
        let (two, three) = (T::from_double(2.0), T::from_double(3.0));
        for k in 0..run.n {
            // SAFETY: the arrays share nothing, and no other thread has this block
            let (z, value, slope, weights) = unsafe {
                (
                    block.row(run.z, k),
                    block.row_mut(run.value, k),
                    block.row_mut(run.slope, k),
                    block.row(run.weights, 0),
                )
            };
            let each = z.iter().zip(value.iter_mut()).zip(slope);
            match run.kind {
                Values::Held => {
                    for ((z, v), s) in each {
                        *v = s.times(*z);
                    }
                }
                Values::Identity => {
                    for ((z, v), s) in each {
                        (*v, *s) = (*z, one);
                    }
                }
                Values::Relu => {
                    for ((z, v), s) in each {
                        // so that what is no number stays
                        let is_off = *z <= zero;
                        *v = if is_off { zero } else { *z };
                        *s = if is_off { zero } else { one };
                    }
                }
                Values::Square => {
                    for ((z, v), s) in each {
                        (*v, *s) = (z.times(*z), two.times(*z));
                    }
                }
                Values::Cube => {
                    for ((z, v), s) in each {
                        let square = z.times(*z);
                        (*v, *s) = (square.times(*z), three.times(square));
                    }
                }
            }
            sums[k] = rows::dot(simd, value, weights);
        }
    }
}

/// Moves the weights of a block, and finds how its first layer moves.
struct Move<T>(Block<T>);

impl<T: Real> WithSimd for Move<T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let block = self.0;
        let run = block.run;
        let (scale, rate) = (T::from_double(run.scale), T::from_double(-run.rate));
        let alpha = T::from_double(-run.rate * run.scale);
        // SAFETY: the arrays share nothing, and no other thread has this block
        unsafe {
            let weights = block.row_mut(run.weights, 0);
            let seen = block.row(run.seen, 0);
            let whole = run.n - run.n % TOGETHER;
            for first in (0..whole).step_by(TOGETHER) {
                let mut values = [&weights[..0] as &[T]; TOGETHER];
                let mut factors = [T::default(); TOGETHER];
                for r in 0..TOGETHER {
                    values[r] = block.row(run.value, first + r);
                    factors[r] = alpha.times(*run.adjoint.add(first + r));
                }
                rows::combine::<T, S, TOGETHER, false>(
                    simd,
                    values,
                    factors,
                    block.row_mut(run.weights, 0),
                );
            }
            for k in whole..run.n {
                let factor = alpha.times(*run.adjoint.add(k));
                let row = block.row(run.value, k);
                rows::add(simd, factor, row, block.row_mut(run.weights, 0));
            }
            for k in 0..run.n {
                let scaled = scale.times(*run.adjoint.add(k));
                let slope = block.row(run.slope, k);
                let change = block.row_mut(run.change, k);
                let moved = block.row_mut(run.moved, k);
                let each = slope.iter().zip(seen).zip(change).zip(moved);
                for (((s, w), c), sum) in each {
                    *c = scaled.times(*s).times(*w);
                    *sum = sum.add(rate.times(*c));
                }
            }
        }
    }
}

/// Up to as many steps as there are losses; returns how many. None where there is no memory, with nothing changed.
///
/// # Safety
/// The arrays have their lengths and share nothing, and nothing else uses them meanwhile.
pub unsafe fn descend<T: Real>(
    arch: Arch,
    threads: usize,
    run: Samples<T>,
    judge: Judge<T>,
) -> Option<usize> {
    let Samples { m, n, .. } = run;
    let blocks = m.div_ceil(BREADTH);
    let mut sums = Vec::new();
    sums.try_reserve_exact(blocks.checked_mul(n)?).ok()?;
    sums.resize(blocks * n, T::default());
    let is_worth = n.saturating_mul(n).saturating_mul(m) >= WORTH_SHARING;
    let threads = if is_worth { threads } else { 1 };
    let shared = Shared((run, sums.as_mut_ptr()));
    let part = |b: usize, moves: bool, looks: bool| {
        let (run, sums) = shared.get();
        let from = b * BREADTH;
        let columns = m.min(from + BREADTH) - from;
        let block = Block { run, from, columns };
        if moves {
            arch.dispatch(Move(block));
            let sizes = Sizes {
                m: n,
                n: columns,
                k: n,
            };
            let gram = Strided::of(run.gram, n, false);
            let change = Strided::of(run.change.wrapping_add(from).cast_const(), m, false);
            let rate = T::from_double(-run.rate);
            // threads that have no other block may take parts of a single one
            let helpers = if blocks == 1 { threads } else { 1 };
            // SAFETY: the columns of z are those of this block
            unsafe {
                multiply_shared(
                    helpers,
                    sizes,
                    rate,
                    gram,
                    change,
                    T::ONE,
                    run.z.add(from),
                    m,
                )
            };
        }
        if looks {
            // SAFETY: each block has its own sums of n numbers
            let sums = unsafe { std::slice::from_raw_parts_mut(sums.add(b * n), n) };
            arch.dispatch(Look { block, sums });
        }
    };
    let steps = judge.losses.len();
    if steps > 0 {
        share(threads, blocks, &|b| part(b, false, true));
    }
    for taken in 0..steps {
        let mut sum = 0.0;
        for k in 0..n {
            let mut total = T::default();
            for b in 0..blocks {
                // SAFETY: no part is under way
                total = total.add(unsafe { *shared.get().1.add(b * n + k) });
            }
            let prediction = T::from_double(run.scale).times(total);
            judge.predictions[k] = prediction;
            let residual = prediction.to_double() - judge.targets[k];
            judge.adjoint[k] = T::from_double(2.0 * judge.factor * residual);
            sum += residual * residual;
        }
        // SAFETY: as many numbers, which share nothing
        unsafe { std::ptr::copy_nonoverlapping(run.weights, run.seen, m) };
        let loss = judge.factor * sum;
        judge.losses[taken] = loss;
        if !(loss > judge.above && loss <= judge.at_most) {
            return Some(taken);
        }
        let looks = taken + 1 < steps;
        share(threads, blocks, &|b| part(b, true, looks));
    }
    Some(steps)
}
