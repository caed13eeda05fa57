//! Several runs of sharpness-aware perturbation: each in a lane of its own.
//!
//! With s the sum of the rows times their residuals and 2/n, the gradient is (s u, -s v). With the row a of a sample, the perturbed point is ((1 + c a) u, (1 - c a) v), and the gradient
//! of the sample there is h a times that, but for the sign of v. So c, h and all inner products follow from six sums over the coordinates, which have q = u^2 + v^2 and w = u^2 - v^2 in
//! them and wait for neither c nor h: a step goes through its coordinates once for the residuals, once for the sums, and once to move.
//!
//! That loses nothing where numbers are far from the ends of their range. A lane that comes near stays where it is, what its numbers come to from there on is not read, and the run
//! goes on alone.
use super::lanes::{Lanes, back, groups, lay};
use super::perturb::{NOISE, Network, Perturbed};
use crate::lines::Lines;
use pulp::bytemuck::{cast_slice, cast_slice_mut};

/// The loss, the gradients and the row of the sample have squares between these.
const LEAST: f64 = 1e-100;
const MOST: f64 = 1e100;
/// Of the square of the row, what the square of the perturbed gradient must be at least: what is less is the rounding of its parts.
const LEFT: f64 = 1e-8;

/// Whether products of four entries and a square between the bounds lose nothing.
fn is_moderate(network: &Network<'_>) -> bool {
    let is_moderate = |value: &f64| *value == 0.0 || (1e-70..1e20).contains(&value.abs());
    network.matrix.iter().all(is_moderate)
        && [network.radius, network.rate, network.plain_rate]
            .iter()
            .all(is_moderate)
}

/// What a step of a group of runs needs beside their points.
struct Scratch<N> {
    /// u^2 - v^2.
    weights: Lines<N>,
    /// u^2 + v^2.
    squares: Lines<N>,
    /// Of each run the row of its sample.
    row: Lines<N>,
    slopes: Lines<N>,
}

/// What the samples have to say at the points.
#[derive(Clone, Copy)]
struct Seen<N> {
    /// The sum of squares of all residuals.
    loss: N,
    /// That of the sample of each run.
    residual: N,
    /// Sums over the coordinates, of a^2 q, a^3 w and a^4 q.
    length: N,
    third: N,
    fourth: N,
    /// Of s^2 q, s a q and s a^2 w.
    square: N,
    first: N,
    second: N,
}

/// Takes steps of every run, as many as go in a lane, and counts them; None where there is no memory.
#[inline(always)]
pub fn several<L: Lanes>(l: L, given: &mut Perturbed<'_>) -> Option<()> {
    if !is_moderate(&given.network) {
        return Some(());
    }
    let Perturbed {
        network,
        steps,
        runs,
        indices,
        signs,
        points,
        counts,
    } = given;
    let (steps, runs) = (*steps, *runs);
    let width = network.width();
    let mut states = Lines::<L::Number>::zeros(groups::<L>(runs).checked_mul(2 * width)?)?;
    lay::<L>(points, runs, 2 * width, &mut states, 2 * width, 0);
    let mut counted = Lines::<L::Number>::zeros(2 * groups::<L>(runs))?;
    for (g, point) in states.chunks_exact_mut(2 * width).enumerate() {
        let mut scratch = Scratch {
            weights: Lines::zeros(width)?,
            squares: Lines::zeros(width)?,
            row: Lines::zeros(width)?,
            slopes: Lines::zeros(width)?,
        };
        let [mut taken, mut used] = [l.zero(); 2];
        let mut goes_on = l.always();
        let (u, v) = point.split_at_mut(width);
        advance::<L, true>(l, u, v, [l.zero(); 3], goes_on, &mut scratch);
        for _ in 0..steps {
            let [mut samples, mut turns] = [[l.zero()]; 2];
            let next: &[f64] = cast_slice(std::slice::from_ref(&used));
            let into = cast_slice_mut(&mut samples).iter_mut();
            let turned = cast_slice_mut(&mut turns).iter_mut();
            for (lane, ((sample, turn), next)) in into.zip(turned).zip(next).enumerate() {
                let run = (g * L::COUNT + lane).min(runs - 1);
                let at = run * steps + *next as u32 as usize;
                *sample = f64::from(indices[at]);
                *turn = signs[at];
            }
            let [sample, turn] = [samples[0], turns[0]];
            let stepped = step(l, network, point, goes_on, sample, turn, &mut scratch);
            goes_on = stepped.goes_on;
            if !l.any(goes_on) {
                break;
            }
            taken = l.select(goes_on, l.add(taken, l.splat(1.0)), taken);
            used = l.select(stepped.is_perturbed, l.add(used, l.splat(1.0)), used);
        }
        counted[2 * g] = taken;
        counted[2 * g + 1] = used;
    }
    back::<L>(&states, 2 * width, 0, runs, 2 * width, points);
    back::<L>(&counted, 2, 0, runs, 2, counts);
    Some(())
}

struct Stepped<T> {
    goes_on: T,
    is_perturbed: T,
}

/// One step of the runs that go on, in place.
#[inline(always)]
fn step<L: Lanes>(
    l: L,
    network: &Network<'_>,
    point: &mut [L::Number],
    goes_on: L::Truth,
    sample: L::Number,
    turn: L::Number,
    scratch: &mut Scratch<L::Number>,
) -> Stepped<L::Truth> {
    let (u, v) = point.split_at_mut(network.width());
    let seen = see(l, network, sample, scratch);
    let Seen {
        length,
        third,
        square,
        ..
    } = seen;
    let radius = l.splat(network.radius);
    let is_below = l.less(seen.residual, l.zero());
    let radius = l.mul(turn, l.select(is_below, l.sub(l.zero(), radius), radius));
    let one = l.splat(1.0);
    let (of_length, of_square) = (l.div(one, length), l.div(one, square));
    let root = l.sqrt(length);
    let c = l.mul(radius, l.mul(root, of_length));
    let twice = l.add(radius, radius);
    let there = l.fused(
        l.mul(radius, radius),
        l.mul(third, of_length),
        seen.residual,
    );
    let there = l.fused(twice, root, there);
    let h = l.add(there, there);
    let part = l.fused(l.add(c, c), third, length);
    let part = l.fused(l.mul(c, c), seen.fourth, part);
    let size = l.mul(l.mul(h, h), part);
    let along = l.sub(l.mul(h, l.fused(c, seen.second, seen.first)), square);
    let limit = network.threshold.max(0.0);
    let is_gentle = l.at_most(square, l.splat(limit * limit));

    let goes_on = l.both(goes_on, l.less(seen.loss, l.splat(MOST)));
    let goes_on = l.both(goes_on, is_safe(l, square));
    let is_plain = l.both(goes_on, l.not(is_gentle));
    let is_perturbed = l.both(l.both(goes_on, is_gentle), is_safe(l, length));
    let is_left = l.less(l.mul(l.splat(LEFT), length), part);
    let is_perturbed = l.both(is_perturbed, l.both(is_left, is_safe(l, size)));
    let goes_on = l.not(l.both(l.not(is_plain), l.not(is_perturbed)));
    // where the gradient is noise beside the perturbed one, nothing is taken off
    let is_noise = l.at_most(square, l.mul(l.splat(NOISE * NOISE), size));
    let off = l.select(is_noise, l.zero(), l.mul(along, of_square));
    let back = l.splat(-network.rate);
    let of_gradient = l.sub(l.zero(), l.mul(back, off));
    let of_gradient = l.select(is_plain, l.splat(-network.plain_rate), of_gradient);
    let of_row = l.select(is_plain, l.zero(), l.mul(back, h));
    let of_twice = l.select(is_plain, l.zero(), l.mul(of_row, c));
    let move_by = [of_gradient, of_row, of_twice];
    if l.all(goes_on) {
        advance::<L, true>(l, u, v, move_by, goes_on, scratch);
    } else {
        advance::<L, false>(l, u, v, move_by, goes_on, scratch);
    }
    Stepped {
        goes_on,
        is_perturbed,
    }
}

/// Multiplies u by 1 + g s + r a + t a^2 and v by 1 - g s - r a + t a^2, of the runs that go on.
#[inline(always)]
fn advance<L: Lanes, const DO_ALL: bool>(
    l: L,
    u: &mut [L::Number],
    v: &mut [L::Number],
    [g, r, t]: [L::Number; 3],
    goes_on: L::Truth,
    scratch: &mut Scratch<L::Number>,
) {
    let width = u.len();
    let v = &mut v[..width];
    let row = &scratch.row[..width];
    let slopes = &scratch.slopes[..width];
    let weights = &mut scratch.weights[..width];
    let squares = &mut scratch.squares[..width];
    for j in 0..width {
        let odd = l.fused(g, slopes[j], l.mul(r, row[j]));
        let even = l.mul(t, l.mul(row[j], row[j]));
        let mut new_u = l.fused(l.add(even, odd), u[j], u[j]);
        let mut new_v = l.fused(l.sub(even, odd), v[j], v[j]);
        if !DO_ALL {
            new_u = l.select(goes_on, new_u, u[j]);
            new_v = l.select(goes_on, new_v, v[j]);
        }
        u[j] = new_u;
        v[j] = new_v;
        let (first, second) = (l.mul(new_u, new_u), l.mul(new_v, new_v));
        weights[j] = l.sub(first, second);
        squares[j] = l.add(first, second);
    }
}

#[inline(always)]
fn is_safe<L: Lanes>(l: L, sum: L::Number) -> L::Truth {
    l.both(l.at_most(l.splat(LEAST), sum), l.less(sum, l.splat(MOST)))
}

/// Fills the slopes and the rows of the samples.
#[inline(always)]
fn see<L: Lanes>(
    l: L,
    network: &Network<'_>,
    sample: L::Number,
    scratch: &mut Scratch<L::Number>,
) -> Seen<L::Number> {
    let zero = l.zero();
    let mut seen = Seen {
        loss: zero,
        residual: zero,
        length: zero,
        third: zero,
        fourth: zero,
        square: zero,
        first: zero,
        second: zero,
    };
    let n = network.labels.len();
    // those that are left of eight first: what begins sums is not read
    let first = 1 + (n - 1) % 8;
    macro_rules! first_rows {
        ($is_last:literal) => {
            match first {
                1 => rows::<L, 1, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
                2 => rows::<L, 2, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
                3 => rows::<L, 3, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
                4 => rows::<L, 4, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
                5 => rows::<L, 5, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
                6 => rows::<L, 6, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
                7 => rows::<L, 7, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
                _ => rows::<L, 8, true, $is_last>(l, network, 0, sample, scratch, &mut seen),
            }
        };
    }
    if first == n {
        first_rows!(true);
        return seen;
    }
    first_rows!(false);
    for i in (first..n - 8).step_by(8) {
        rows::<L, 8, false, false>(l, network, i, sample, scratch, &mut seen);
    }
    rows::<L, 8, false, true>(l, network, n - 8, sample, scratch, &mut seen);
    seen
}

/// Of R rows from row i on their residuals, what they add to the slopes, and where one is that of a run's sample, itself; of the last ones also the sums over coordinates.
#[inline(always)]
fn rows<L: Lanes, const R: usize, const IS_FIRST: bool, const IS_LAST: bool>(
    l: L,
    network: &Network<'_>,
    i: usize,
    sample: L::Number,
    scratch: &mut Scratch<L::Number>,
    seen: &mut Seen<L::Number>,
) {
    let width = network.width();
    let weights = &scratch.weights[..width];
    let squares = &scratch.squares[..width];
    let row = &mut scratch.row[..width];
    let slopes = &mut scratch.slopes[..width];
    let mut lines = [&network.matrix[..width]; R];
    for r in 0..R {
        lines[r] = &network.matrix[(i + r) * width..][..width];
    }
    let mut residuals = [l.zero(); R];
    for j in 0..width {
        for r in 0..R {
            residuals[r] = l.fused(l.splat(lines[r][j]), weights[j], residuals[r]);
        }
    }
    let mean = l.splat(2.0 / network.labels.len() as f64);
    let mut is_own = [l.always(); R];
    let mut all = *seen;
    for r in 0..R {
        residuals[r] = l.sub(residuals[r], l.splat(network.labels[i + r]));
        all.loss = l.fused(residuals[r], residuals[r], all.loss);
        is_own[r] = l.same(sample, l.splat((i + r) as f64));
        all.residual = l.select(is_own[r], residuals[r], all.residual);
        residuals[r] = l.mul(mean, residuals[r]);
    }
    for j in 0..width {
        let mut s = if IS_FIRST { l.zero() } else { slopes[j] };
        let mut a = if IS_FIRST { l.zero() } else { row[j] };
        for r in 0..R {
            let value = l.splat(lines[r][j]);
            s = l.fused(residuals[r], value, s);
            a = l.select(is_own[r], value, a);
        }
        slopes[j] = s;
        row[j] = a;
        if IS_LAST {
            let twice = l.mul(a, a);
            let aw = l.mul(twice, weights[j]);
            let aq = l.mul(twice, squares[j]);
            let sq = l.mul(s, squares[j]);
            all.length = l.add(all.length, aq);
            all.third = l.fused(a, aw, all.third);
            all.fourth = l.fused(twice, aq, all.fourth);
            all.square = l.fused(s, sq, all.square);
            all.first = l.fused(a, sq, all.first);
            all.second = l.fused(s, aw, all.second);
        }
    }
    *seen = all;
}
