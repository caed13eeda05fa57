//! What Node calls: each takes its arguments apart, and refuses those that do not fit. What is many numbers is one view, run after run.
use super::descent::{Kind, Products};
use super::layers::Layers;
use super::monotone::{Games, Steps};
use super::noisy::Noisy;
use super::noisy_several::Several;
use super::perturb::{Network, Perturbed};
use super::quadratic::{Ahead, Quadratic};
use super::samples::{self, Judge, Samples, Values};
use super::sets::Set;
use crate::node::{Call, Floats, Part, serve};
use crate::operations::{all_apart, arch};
use crate::real::Real;
use napi_sys::{napi_callback_info, napi_env, napi_value};

/// An integer from 0 to 2^31 - 1, so that products of two fit.
fn count(value: f64) -> Option<usize> {
    let count = value as u32;
    (f64::from(count) == value && count < 1 << 31).then_some(count as usize)
}

/// A few numbers of one view, which are copied.
fn numbers<const N: usize>(part: Part<f64>) -> Option<[f64; N]> {
    // SAFETY: nothing writes to them while they are copied
    unsafe { part.exactly(N)?.slice() }.try_into().ok()
}

/// At least 1.
fn positive(count: usize) -> Option<usize> {
    (count > 0).then_some(count)
}

/// The rows of a matrix whose rows are so long; None where that leaves a rest, or nothing.
fn rows_of(length: usize, width: usize) -> Option<usize> {
    (width > 0 && length > 0 && length.is_multiple_of(width)).then(|| length / width)
}

fn all_finite(numbers: &[f64]) -> bool {
    numbers.iter().all(|number| number.is_finite())
}

/// Moves by gradients whose squares do not overflow stay finite up to this rate.
const LARGEST_RATE: f64 = 1e100;

/// Whether the outputs share nothing with the inputs, nor with each other.
fn writes_apart(outputs: [Part<f64>; 2], inputs: [Part<f64>; 3], indices: Part<u32>) -> bool {
    let [first, second] = outputs;
    !first.overlaps(second)
        && outputs.iter().all(|output| {
            !indices.overlaps(*output) && inputs.iter().all(|input| !input.overlaps(*output))
        })
}

/// Whether every index is below `count`.
fn all_below(indices: Part<u32>, count: usize) -> bool {
    // SAFETY: they are only read
    unsafe { indices.slice() }
        .iter()
        .all(|index| (*index as usize) < count)
}

/// descendProduct(kind, steps, rate, radius, target, points), points x and y of each run
pub unsafe extern "C" fn descend_product(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<6>| {
        let kind = [Kind::None, Kind::Normalised, Kind::Unnormalised];
        let kind = *kind.get(call.count(0)?)?;
        let (steps, rate) = (call.count(1)?, call.number(2)?);
        let (radius, target) = (call.number(3)?, call.number(4)?);
        let points = call.doubles(5)?;
        rows_of(points.length, 2)?;
        let is_positive = radius > 0.0 && radius < f64::INFINITY;
        if !all_finite(&[rate, target]) || (kind != Kind::None && !is_positive) {
            return None;
        }
        // SAFETY: nothing else uses them meanwhile
        let points = unsafe { points.slice_mut() };
        let run = Products {
            kind,
            steps,
            rate,
            radius,
            target,
            points,
        };
        call.answer(arch().dispatch(run)? as f64)
    };
    unsafe { serve(env, info, run) }
}

/// descendQuadratic(n, steps, rate, a, c, x, error, strength, center, ahead, momenta), where what is empty is not there
pub unsafe extern "C" fn descend_quadratic(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<11>| {
        let (n, steps, rate) = (call.count(0)?, call.count(1)?, call.number(2)?);
        let a = call.doubles(3)?.exactly(n * n)?;
        let (c, x) = (call.doubles(4)?.exactly(n)?, call.doubles(5)?.exactly(n)?);
        let or_none = |index: usize, length: usize| {
            let part = call.doubles(index)?;
            (part.length == 0 || part.length == length).then_some(part)
        };
        let (error, center) = (or_none(6, n)?, or_none(8, n)?);
        let strength = call.number(7)?;
        let (ahead, momenta) = (or_none(9, n)?, or_none(10, steps)?);
        let is_accelerated = ahead.length > 0;
        if is_accelerated && momenta.length < steps {
            return None;
        }
        let inputs = [a, c, error, center, momenta];
        let shares = inputs
            .iter()
            .any(|input| input.overlaps(x) || input.overlaps(ahead));
        if shares || x.overlaps(ahead) {
            return None;
        }
        // SAFETY: the points share nothing with the others, nor with each other
        let run = unsafe {
            Quadratic {
                n,
                steps,
                rate,
                a: a.slice(),
                c: c.slice(),
                x: x.slice_mut(),
                error: error.slice(),
                strength,
                center: center.slice(),
                ahead: is_accelerated.then(|| Ahead {
                    point: ahead.slice_mut(),
                    momenta: momenta.slice(),
                }),
            }
        };
        call.answer(arch().dispatch(run)? as f64)
    };
    unsafe { serve(env, info, run) }
}

/// descendMonotone(numbers, problems, errors, points, bests): the numbers are
/// runs, isExtra, steps, rows, columns, kind and extent of both sets, step, strength, until, modulus, doubt, goal, hasSaddle, hasCenter, slack, accuracy.
/// Returns the steps, or the complement of these where the next one settles all residuals.
pub unsafe extern "C" fn descend_monotone(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<5>| {
        let given = numbers::<19>(call.doubles(0)?)?;
        let runs = positive(count(given[0])?)?;
        let steps = Steps {
            is_extra: given[1] == 1.0,
            count: count(given[2])?,
            rows: positive(count(given[3])?)?,
            columns: positive(count(given[4])?)?,
            sets: [Set::of(given[5], given[6])?, Set::of(given[7], given[8])?],
            step: given[9],
            strength: given[10],
            until: given[11],
            modulus: given[12],
            doubt: given[13],
            goal: given[14],
            has_saddle: given[15] == 1.0,
            has_center: given[16] == 1.0,
            slack: given[17],
            accuracy: given[18],
        };
        if steps.accuracy >= 0.0 && steps.sets.contains(&Set::Whole) {
            return None;
        }
        if !(steps.step > 0.0 && all_finite(&[steps.step, steps.strength])) {
            return None;
        }
        let (problems, errors) = (call.doubles(1)?, call.doubles(2)?);
        let (points, bests) = (call.doubles(3)?, call.doubles(4)?);
        let size = steps.size();
        problems.exactly(runs.checked_mul(steps.of_problem())?)?;
        points.exactly(runs.checked_mul(3 * size)?)?;
        let of_errors = rows_of(errors.length, runs)?;
        let of_all = steps.queries().checked_mul(size)?;
        let keeps = steps.is_extra && steps.goal >= 0.0;
        bests.exactly(if keeps {
            runs.checked_mul(1 + size)?
        } else {
            0
        })?;
        if (of_errors != size && of_errors != of_all)
            || !all_apart(&[problems, errors, points, bests])
        {
            return None;
        }
        // SAFETY: they share nothing
        let games = unsafe {
            Games {
                steps,
                runs,
                problems: problems.slice(),
                errors: errors.slice(),
                points: points.slice_mut(),
                bests: bests.slice_mut(),
            }
        };
        let (taken, is_settled) = arch().dispatch(games)?;
        call.answer(if is_settled {
            -1.0 - taken as f64
        } else {
            taken as f64
        })
    };
    unsafe { serve(env, info, run) }
}

/// descendLayers(steps, runs, widths, matrices, targets, noise, rate, points, epsilon)
pub unsafe extern "C" fn descend_layers(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<9>| {
        let (steps, runs) = (call.count(0)?, positive(call.count(1)?)?);
        let given = call.doubles(2)?;
        // SAFETY: nothing writes to them while they are copied
        let widths: Option<Vec<_>> = unsafe { given.slice() }
            .iter()
            .map(|d| positive(count(*d)?))
            .collect();
        let widths = widths?;
        let [first, .., last] = widths[..] else {
            return None;
        };
        if widths.len() < 3 {
            return None;
        }
        let mut dimension = 0_usize;
        for pair in widths.windows(2) {
            dimension = dimension.checked_add(pair[0] * pair[1])?;
        }
        let targets = call.doubles(4)?;
        let n = positive(targets.length)?;
        let matrices = call.doubles(3)?.exactly(n.checked_mul(first * last)?)?;
        let (noise, rate) = (call.number(5)?, call.number(6)?);
        if !(0.0..f64::INFINITY).contains(&noise) || rate.is_nan() || rate.abs() > LARGEST_RATE {
            return None;
        }
        let points = call.doubles(7)?.exactly(runs.checked_mul(dimension)?)?;
        let drawn = if noise > 0.0 {
            runs.checked_mul(steps.checked_mul(n)?)?
        } else {
            0
        };
        let epsilon = call.doubles(8)?.exactly(drawn)?;
        if [matrices, targets, epsilon]
            .iter()
            .any(|part| part.overlaps(points))
        {
            return None;
        }
        // SAFETY: the points share nothing with the others
        let layers = unsafe {
            Layers {
                steps,
                widths: &widths,
                matrices: matrices.slice(),
                targets: targets.slice(),
                noise,
                rate,
                runs,
                points: points.slice_mut(),
                epsilon: epsilon.slice(),
            }
        };
        call.answer(arch().dispatch(layers)? as f64)
    };
    unsafe { serve(env, info, run) }
}

/// perturbDiagonal(numbers, matrix, labels, indices, signs, points, counts): the numbers are rate, plainRate, radius and threshold; `counts` gets of each run how many steps it took, and
/// how many of them were perturbed. Returns the number of runs.
pub unsafe extern "C" fn perturb_diagonal(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<7>| {
        let [rate, plain_rate, radius, threshold] = numbers::<4>(call.doubles(0)?)?;
        let (matrix, labels) = (call.doubles(1)?, call.doubles(2)?);
        let width = rows_of(matrix.length, labels.length)?;
        let indices = call.integers(3)?;
        let signs = call.doubles(4)?.exactly(indices.length)?;
        let (points, counts) = (call.doubles(5)?, call.doubles(6)?);
        let runs = rows_of(points.length, 2 * width)?;
        counts.exactly(2 * runs)?;
        let are_apart = writes_apart([points, counts], [matrix, labels, signs], indices);
        let fits = indices.length.is_multiple_of(runs) && all_below(indices, labels.length);
        if !fits || !are_apart {
            return None;
        }
        // SAFETY: the outputs share nothing with the inputs, nor with each other
        let run = unsafe {
            Perturbed {
                network: Network {
                    rate,
                    plain_rate,
                    radius,
                    threshold,
                    matrix: matrix.slice(),
                    labels: labels.slice(),
                },
                steps: indices.length / runs,
                runs,
                indices: indices.slice(),
                signs: signs.slice(),
                points: points.slice_mut(),
                counts: counts.slice_mut(),
            }
        };
        arch().dispatch(run)?;
        call.answer(runs as f64)
    };
    unsafe { serve(env, info, run) }
}

/// noisyPreactivations(batch, slope, rate, gram, labels, indices, epsilon, z, coefficients)
pub unsafe extern "C" fn noisy_preactivations(
    env: napi_env,
    info: napi_callback_info,
) -> napi_value {
    let run = |call: &Call<9>| {
        let batch = positive(call.count(0)?)?;
        let (slope, rate) = (call.number(1)?, call.number(2)?);
        let labels = call.doubles(4)?;
        let n = labels.length;
        let gram = call.doubles(3)?.exactly(n.checked_mul(n)?)?;
        let indices = call.integers(5)?;
        let epsilon = call.doubles(6)?.exactly(indices.length)?;
        let (z, coefficients) = (call.doubles(7)?, call.doubles(8)?);
        rows_of(z.length, n)?;
        let coefficients = coefficients.exactly(z.length)?;
        let are_apart = writes_apart([z, coefficients], [gram, labels, epsilon], indices);
        let fits = indices.length.is_multiple_of(batch)
            && all_below(indices, n)
            && all_finite(&[slope, rate]);
        if !fits || !are_apart {
            return None;
        }
        // SAFETY: the outputs share nothing with the inputs, nor with each other
        let run = unsafe {
            Noisy {
                batch,
                slope,
                rate,
                gram: gram.slice(),
                labels: labels.slice(),
                indices: indices.slice(),
                epsilon: epsilon.slice(),
                z: z.slice_mut(),
                coefficients: coefficients.slice_mut(),
            }
        };
        call.answer(arch().dispatch(run)? as f64)
    };
    unsafe { serve(env, info, run) }
}

/// The arrays of one element type: gram, the five of n x m, weights, seen, predictions and adjoint.
fn samples_of<T: Real>(
    threads: usize,
    kind: Values,
    [scale, rate, factor, above, at_most]: [f64; 5],
    targets: Part<f64>,
    losses: Part<f64>,
    arrays: [Part<T>; 10],
) -> Option<usize> {
    let (n, m) = (positive(targets.length)?, positive(arrays[6].length)?);
    let size = n.checked_mul(m)?;
    let [
        gram,
        z,
        moved,
        value,
        slope,
        change,
        weights,
        seen,
        predictions,
        adjoint,
    ] = arrays;
    gram.exactly(n.checked_mul(n)?)?;
    for matrix in [z, moved, value, slope, change] {
        matrix.exactly(size)?;
    }
    seen.exactly(m)?;
    predictions.exactly(n)?;
    adjoint.exactly(n)?;
    let shares = arrays.iter().enumerate().any(|(i, array)| {
        array.overlaps(targets)
            || array.overlaps(losses)
            || arrays[..i].iter().any(|other| other.overlaps(*array))
    });
    if shares || losses.overlaps(targets) {
        return None;
    }
    let run = Samples {
        kind,
        n,
        m,
        scale,
        rate,
        gram: gram.at.cast_const(),
        z: z.at,
        moved: moved.at,
        value: value.at,
        slope: slope.at,
        change: change.at,
        weights: weights.at,
        seen: seen.at,
        adjoint: adjoint.at.cast_const(),
    };
    // SAFETY: the lengths are right, and the arrays share nothing
    unsafe {
        let judge = Judge {
            factor,
            above,
            at_most,
            targets: targets.slice(),
            predictions: predictions.slice_mut(),
            adjoint: adjoint.slice_mut(),
            losses: losses.slice_mut(),
        };
        samples::descend(arch(), threads, run, judge)
    }
}

/// descendSamples(numbers, targets, gram, z, moved, value, slope, change, weights, seen, predictions, adjoint, losses, threads): the numbers are kind, steps, scale, rate,
/// factor, and the limits
pub unsafe extern "C" fn descend_samples(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<14>| {
        let threads = call.count(13)?;
        let [kind, steps, rest @ ..] = numbers::<7>(call.doubles(0)?)?;
        let kinds = [
            Values::Held,
            Values::Identity,
            Values::Relu,
            Values::Square,
            Values::Cube,
        ];
        let kind = *kinds.get(count(kind)?)?;
        let [scale, rate, factor, above, at_most] = rest;
        if !all_finite(&[scale, rate, factor, at_most]) || above.is_nan() {
            return None;
        }
        let targets = call.doubles(1)?;
        let losses = call.doubles(12)?.range(0, count(steps)?)?;
        let taken = match call.floats(2)? {
            Floats::Double(first) => {
                let mut arrays = [first; 10];
                for (i, array) in arrays.iter_mut().enumerate() {
                    *array = call.doubles(2 + i)?;
                }
                samples_of(threads, kind, rest, targets, losses, arrays)?
            }
            Floats::Single(first) => {
                let mut arrays = [first; 10];
                for (i, array) in arrays.iter_mut().enumerate() {
                    let Floats::Single(part) = call.floats(2 + i)? else {
                        return None;
                    };
                    *array = part;
                }
                samples_of(threads, kind, rest, targets, losses, arrays)?
            }
        };
        call.answer(taken as f64)
    };
    unsafe { serve(env, info, run) }
}

/// noisyTogether(runs, slope, rate, gram, labels, indices, epsilon, z, coefficients), where the last four have one run after the other
pub unsafe extern "C" fn noisy_together(env: napi_env, info: napi_callback_info) -> napi_value {
    let run = |call: &Call<9>| {
        let runs = positive(call.count(0)?)?;
        let (slope, rate) = (call.number(1)?, call.number(2)?);
        let labels = call.doubles(4)?;
        let n = labels.length;
        let gram = call.doubles(3)?.exactly(n.checked_mul(n)?)?;
        let indices = call.integers(5)?;
        let epsilon = call.doubles(6)?.exactly(indices.length)?;
        let (z, coefficients) = (call.doubles(7)?, call.doubles(8)?);
        rows_of(z.length, runs.checked_mul(n)?)?;
        let coefficients = coefficients.exactly(z.length)?;
        let are_apart = writes_apart([z, coefficients], [gram, labels, epsilon], indices);
        // what is not finite would reach the runs before they have seen its datum
        let fits = indices.length.is_multiple_of(runs)
            && all_below(indices, n)
            && all_finite(&[slope, rate])
            // SAFETY: it is only read
            && all_finite(unsafe { gram.slice() });
        if !fits || !are_apart {
            return None;
        }
        // SAFETY: the outputs share nothing with the inputs, nor with each other
        let several = unsafe {
            Several {
                runs,
                slope,
                rate,
                gram: gram.slice(),
                labels: labels.slice(),
                indices: indices.slice(),
                epsilon: epsilon.slice(),
                z: z.slice_mut(),
                coefficients: coefficients.slice_mut(),
            }
        };
        call.answer(arch().dispatch(several)? as f64)
    };
    unsafe { serve(env, info, run) }
}
