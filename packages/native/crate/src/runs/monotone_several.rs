//! Several runs of projected descent or of extragradient: each in a lane of its own.
use super::lanes::{Lanes, back, groups, lay};
use super::monotone::{Games, Steps};
use super::sets::project;
use super::support::violation;
use crate::lines::Lines;

/// What a step of a group of runs needs beside their points.
struct Scratch<N> {
    /// Before it is projected.
    raw: Lines<N>,
    next: Lines<N>,
    candidate: Lines<N>,
    here: Lines<N>,
    out: Lines<N>,
    offset: Lines<N>,
    residuals: Lines<N>,
    /// Thresholds of the projections onto simplexes, four a group.
    guesses: Lines<N>,
}

/// Of R rows from row i on: their products with y, and what they add to A^T x, or where they are the first, what it begins with.
#[inline(always)]
fn rows<L: Lanes, const R: usize, const IS_FIRST: bool>(
    l: L,
    i: usize,
    a: &[L::Number],
    x: &[L::Number],
    y: &[L::Number],
    ay: &mut [L::Number],
    atx: &mut [L::Number],
) {
    let n = y.len();
    let atx = &mut atx[..n];
    let x = &x[i..][..R];
    // copies stay in registers, where what `atx` gets could change a slice
    let mut factors = [l.zero(); R];
    let mut lines = [&a[..n]; R];
    for r in 0..R {
        factors[r] = x[r];
        lines[r] = &a[(i + r) * n..][..n];
    }
    let mut sums = [l.zero(); R];
    for j in 0..n {
        let mut to = if IS_FIRST { l.zero() } else { atx[j] };
        for r in 0..R {
            let value = lines[r][j];
            sums[r] = l.fused(value, y[j], sums[r]);
            to = l.fused(factors[r], value, to);
        }
        atx[j] = to;
    }
    ay[i..][..R].copy_from_slice(&sums);
}

/// out = (A y, A^T x).
#[inline(always)]
fn multiply<L: Lanes>(
    l: L,
    a: &[L::Number],
    x: &[L::Number],
    y: &[L::Number],
    out: &mut [L::Number],
) {
    let (ay, atx) = out.split_at_mut(x.len());
    // those that are left of four first: what begins A^T x is not read
    let first = 1 + (x.len() - 1) % 4;
    match first {
        1 => rows::<L, 1, true>(l, 0, a, x, y, ay, atx),
        2 => rows::<L, 2, true>(l, 0, a, x, y, ay, atx),
        3 => rows::<L, 3, true>(l, 0, a, x, y, ay, atx),
        _ => rows::<L, 4, true>(l, 0, a, x, y, ay, atx),
    }
    for i in (first..x.len()).step_by(4) {
        rows::<L, 4, false>(l, i, a, x, y, ay, atx);
    }
}

/// How many steps, and whether the next one settles all residuals; None where there is no memory.
#[inline(always)]
pub fn several<L: Lanes>(l: L, games: Games<'_>) -> Option<(usize, bool)> {
    let Games {
        steps,
        runs,
        problems: given,
        errors: drawn,
        points,
        bests,
    } = games;
    let (size, groups) = (steps.size(), groups::<L>(runs));
    let (of_problem, of_point) = (steps.of_problem(), 3 * size);
    let of_errors = drawn.len() / runs;
    let mut problems = Lines::<L::Number>::zeros(groups.checked_mul(of_problem)?)?;
    let mut states = Lines::<L::Number>::zeros(groups.checked_mul(of_point)?)?;
    let mut kept = Lines::<L::Number>::zeros(groups.checked_mul(1 + size)?)?;
    let mut errors = Lines::<L::Number>::zeros(groups.checked_mul(of_errors)?)?;
    lay::<L>(given, runs, of_problem, &mut problems, of_problem, 0);
    lay::<L>(points, runs, of_point, &mut states, of_point, 0);
    lay::<L>(drawn, runs, of_errors, &mut errors, of_errors, 0);
    let keeps = steps.is_extra && steps.goal >= 0.0;
    if keeps {
        lay::<L>(bests, runs, 1 + size, &mut kept, 1 + size, 0);
    }
    let all = groups * size;
    let mut scratch = Scratch {
        raw: Lines::zeros(size)?,
        next: Lines::zeros(all)?,
        candidate: Lines::zeros(all)?,
        here: Lines::zeros(all)?,
        out: Lines::zeros(size)?,
        offset: Lines::zeros(size)?,
        residuals: Lines::zeros(groups)?,
        guesses: Lines::zeros(4 * groups)?,
    };
    let is_fresh = of_errors > size;
    let mut taken = 0;
    let mut is_settled = false;
    while taken < steps.count {
        let mut ordinary = l.always();
        let mut above = l.not(l.always());
        let mut within = above;
        for g in 0..groups {
            let problem = &problems[g * of_problem..][..of_problem];
            let point = &states[g * of_point..][..size];
            let query = if steps.is_extra { 2 * taken } else { taken };
            let at = g * of_errors + if is_fresh { query * size } else { 0 };
            let first = &errors[at..][..size];
            if steps.is_extra {
                let second = &errors[at + if is_fresh { size } else { 0 }..][..size];
                let found = extra(l, &steps, problem, point, [first, second], &mut scratch, g);
                ordinary = l.both(ordinary, found.is_ordinary);
                above = either(l, above, found.is_above);
                within = either(l, within, found.is_within);
            } else {
                let is_ordinary = descend(l, &steps, problem, point, first, &mut scratch, g);
                ordinary = l.both(ordinary, is_ordinary);
            }
        }
        if !l.all(ordinary) {
            break;
        }
        if steps.is_extra && (!l.any(above) || l.any(within)) {
            is_settled = true;
            break;
        }
        for g in 0..groups {
            let state = &mut states[g * of_point..][..of_point];
            let next = &scratch.next[g * size..][..size];
            let candidate = &scratch.candidate[g * size..][..size];
            commit(l, steps.is_extra, state, next, candidate);
            if keeps {
                let best = &mut kept[g * (1 + size)..][..1 + size];
                keep(l, steps.goal, best, scratch.residuals[g], candidate);
            }
        }
        taken += 1;
    }
    back::<L>(&states, of_point, 0, runs, of_point, points);
    if keeps {
        back::<L>(&kept, 1 + size, 0, runs, 1 + size, bests);
    }
    Some((taken, is_settled))
}

/// The answer at a point, which may be where it is written.
#[inline(always)]
fn ask<L: Lanes>(
    l: L,
    steps: &Steps,
    problem: &[L::Number],
    z: &[L::Number],
    error: &[L::Number],
    offset: &mut [L::Number],
    out: &mut [L::Number],
) {
    let (size, m) = (steps.size(), steps.rows);
    let (a, rest) = problem.split_at(m * steps.columns);
    let (saddle, center) = rest.split_at(size);
    let (z, error, center) = (&z[..size], &error[..size], &center[..size]);
    let out = &mut out[..size];
    if steps.has_saddle {
        let offset = &mut offset[..size];
        for i in 0..size {
            offset[i] = l.sub(z[i], saddle[i]);
        }
        let (x, y) = offset.split_at(m);
        multiply(l, a, x, y, out);
    } else {
        let (x, y) = z.split_at(m);
        multiply(l, a, x, y, out);
    }
    for i in 0..m {
        out[i] = l.add(error[i], out[i]);
    }
    for i in m..size {
        out[i] = l.sub(error[i], out[i]);
    }
    if steps.has_center {
        let strength = l.splat(steps.strength);
        for i in 0..size {
            out[i] = l.fused(strength, l.sub(z[i], center[i]), out[i]);
        }
    }
}

/// Moves a point into the sets of both players, to z.
#[inline(always)]
fn confine<L: Lanes>(
    l: L,
    steps: &Steps,
    raw: &mut [L::Number],
    z: &mut [L::Number],
    guesses: &mut [L::Number],
) -> L::Truth {
    let (x, y) = z.split_at_mut(steps.rows);
    let (u, v) = raw.split_at_mut(steps.rows);
    let first = project(l, steps.sets[0], u, x, &mut guesses[0]);
    l.both(first, project(l, steps.sets[1], v, y, &mut guesses[1]))
}

/// A step of projected descent of group g, to `next`; says where it is ordinary.
#[inline(always)]
fn descend<L: Lanes>(
    l: L,
    steps: &Steps,
    problem: &[L::Number],
    point: &[L::Number],
    error: &[L::Number],
    scratch: &mut Scratch<L::Number>,
    g: usize,
) -> L::Truth {
    let size = steps.size();
    let Scratch {
        raw,
        next,
        out,
        offset,
        guesses,
        ..
    } = scratch;
    let next = &mut next[g * size..][..size];
    let raw = &mut raw[..size];
    ask(l, steps, problem, point, error, offset, out);
    let back = l.splat(-steps.step);
    for i in 0..size {
        raw[i] = l.fused(back, out[i], point[i]);
    }
    confine(l, steps, raw, next, &mut guesses[4 * g..][..2])
}

#[inline(always)]
fn either<L: Lanes>(l: L, a: L::Truth, b: L::Truth) -> L::Truth {
    l.not(l.both(l.not(a), l.not(b)))
}

/// What a step of extragradient finds of each run.
struct Found<T> {
    is_ordinary: T,
    /// The residual after it is above `until`.
    is_above: T,
    /// The residual of the variational inequality at the candidate is within the accuracy.
    is_within: T,
}

/// A step of extragradient of group g, to `next`.
#[inline(always)]
fn extra<L: Lanes>(
    l: L,
    steps: &Steps,
    problem: &[L::Number],
    point: &[L::Number],
    [first, second]: [&[L::Number]; 2],
    scratch: &mut Scratch<L::Number>,
    g: usize,
) -> Found<L::Truth> {
    let size = steps.size();
    let Scratch {
        raw,
        next,
        candidate,
        here,
        out,
        offset,
        residuals,
        guesses,
    } = scratch;
    let next = &mut next[g * size..][..size];
    let candidate = &mut candidate[g * size..][..size];
    let here = &mut here[..size];
    let raw = &mut raw[..size];
    let guesses = &mut guesses[4 * g..][..4];
    ask(l, steps, problem, point, first, offset, here);
    let back = l.splat(-steps.step);
    for i in 0..size {
        raw[i] = l.fused(back, here[i], point[i]);
    }
    let mut ordinary = confine(l, steps, raw, candidate, &mut guesses[..2]);
    ask(l, steps, problem, candidate, second, offset, out);
    let inverse = l.splat(1.0 / steps.step);
    let (mut square, mut product, mut length) = (l.zero(), l.zero(), l.zero());
    let out = &out[..size];
    for i in 0..size {
        let moved = l.sub(point[i], candidate[i]);
        let change = l.sub(out[i], here[i]);
        let rest = l.fused(moved, inverse, change);
        square = l.fused(rest, rest, square);
        product = l.fused(change, moved, product);
        length = l.fused(moved, moved, length);
        raw[i] = l.fused(back, out[i], point[i]);
    }
    let residual = l.sqrt(square);
    residuals[g] = residual;
    let moved = l.sqrt(length);
    // <V(w) - V(z), w - z>, of which `product` has the other sign
    let lowest = l.fused(
        l.mul(l.splat(-steps.modulus), moved),
        moved,
        l.mul(l.splat(steps.doubt), moved),
    );
    let is_wrong = l.less(lowest, product);
    ordinary = l.both(ordinary, l.less(square, l.splat(f64::INFINITY)));
    ordinary = l.both(ordinary, l.not(is_wrong));
    ordinary = l.both(ordinary, confine(l, steps, raw, next, &mut guesses[2..]));
    let mut is_within = l.not(l.always());
    if steps.accuracy >= 0.0 {
        let worst = violation(l, steps, out, candidate);
        ordinary = l.both(ordinary, l.same(worst, worst));
        is_within = l.at_most(l.add(worst, l.splat(steps.slack)), l.splat(steps.accuracy));
    }
    Found {
        is_ordinary: ordinary,
        is_above: l.less(l.splat(steps.until), residual),
        is_within,
    }
}

/// Adds a point to the mean, the sum and what it has lost, and moves on.
#[inline(always)]
fn commit<L: Lanes>(
    l: L,
    is_extra: bool,
    state: &mut [L::Number],
    next: &[L::Number],
    candidate: &[L::Number],
) {
    let size = next.len();
    let (point, mean) = state.split_at_mut(size);
    let (sum, lost) = mean.split_at_mut(size);
    for i in 0..size {
        let new = if is_extra { candidate[i] } else { point[i] };
        let total = l.add(sum[i], new);
        let added = l.sub(total, sum[i]);
        let error = l.add(l.sub(sum[i], l.sub(total, added)), l.sub(new, added));
        lost[i] = l.add(lost[i], error);
        sum[i] = total;
        point[i] = next[i];
    }
}

/// Keeps the candidate where its residual is at most `goal` and below that of the one kept before.
#[inline(always)]
fn keep<L: Lanes>(
    l: L,
    goal: f64,
    best: &mut [L::Number],
    residual: L::Number,
    candidate: &[L::Number],
) {
    let is_better = l.both(
        l.at_most(residual, l.splat(goal)),
        l.less(residual, best[0]),
    );
    if !l.any(is_better) {
        return;
    }
    best[0] = l.select(is_better, residual, best[0]);
    for (kept, value) in best[1..].iter_mut().zip(candidate) {
        *kept = l.select(is_better, *value, *kept);
    }
}
