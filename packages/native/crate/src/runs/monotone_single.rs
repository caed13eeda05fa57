//! A single run of projected descent or of extragradient: the coordinates of either player in the lanes of P vectors, which stay in registers.
use super::monotone::{Games, Steps};
use super::padded::{Part, part, part_to, parts};
use super::sets::{MOST, Set, least_in_ball};
use super::support::support_of;
use crate::lines::Lines;
use pulp::Simd;
use pulp::bytemuck::{Zeroable, cast_slice, cast_slice_mut};

/// What does not change, of one player.
struct Player<S: Simd, const P: usize> {
    set: Set,
    /// A row for each coordinate of the other: what the answer gets times that.
    rows: Vec<Part<S, P>>,
    saddle: Part<S, P>,
    center: Part<S, P>,
    /// 0, and -infinity where there is no coordinate.
    holes: Part<S, P>,
    /// One, or one for each query.
    errors: Vec<Part<S, P>>,
}

/// What moves, of one player.
struct State<S: Simd, const P: usize> {
    point: Part<S, P>,
    sum: Part<S, P>,
    lost: Part<S, P>,
    best: Part<S, P>,
    /// Thresholds of the last projections onto a simplex.
    guesses: [f64; 2],
}

/// Of numbers x and y: those of a player.
fn own(player: usize, m: usize, n: usize) -> (usize, usize) {
    if player == 0 { (0, m) } else { (m, n) }
}

impl<S: Simd, const P: usize> Player<S, P> {
    fn of(player: usize, games: &Games<'_>) -> Option<Self> {
        let Games {
            steps,
            problems,
            errors,
            ..
        } = games;
        let (m, n) = (steps.rows, steps.columns);
        let (a, rest) = problems.split_at(m * n);
        let (saddle, center) = rest.split_at(m + n);
        let (at, count) = own(player, m, n);
        let mut turned = Lines::<f64>::zeros(m * n)?;
        for (i, row) in a.chunks_exact(n).enumerate() {
            for (j, value) in row.iter().enumerate() {
                // the answer to the second player is -A^T x
                let to = if player == 0 { j * m + i } else { i * n + j };
                turned[to] = if player == 0 { *value } else { -value };
            }
        }
        let mut holes = [Zeroable::zeroed(); P];
        cast_slice_mut::<S::f64s, f64>(&mut holes)[count..].fill(f64::NEG_INFINITY);
        let mut own_errors = Vec::new();
        own_errors.try_reserve_exact(errors.len() / (m + n)).ok()?;
        for error in errors.chunks_exact(m + n) {
            own_errors.push(part::<S, P>(&error[at..][..count]));
        }
        Some(Self {
            set: steps.sets[player],
            rows: parts::<S, P>(&turned, count)?,
            saddle: part::<S, P>(&saddle[at..][..count]),
            center: part::<S, P>(&center[at..][..count]),
            holes,
            errors: own_errors,
        })
    }

    /// The answer at z, where the other player is at `other`.
    #[inline(always)]
    fn ask(
        &self,
        simd: S,
        steps: &Steps,
        query: usize,
        z: &Part<S, P>,
        other: &[f64],
    ) -> Part<S, P> {
        let error = &self.errors[if self.errors.len() > 1 { query } else { 0 }];
        let strength = simd.splat_f64s(steps.strength);
        let mut sums = [[simd.splat_f64s(0.0); P]; 2];
        for v in 0..P {
            sums[0][v] = error[v];
            if steps.has_center {
                let away = simd.sub_f64s(z[v], self.center[v]);
                sums[0][v] = simd.mul_add_e_f64s(strength, away, error[v]);
            }
        }
        let (pairs, rest) = other.as_chunks::<2>();
        let (rows, last) = self.rows.as_chunks::<2>();
        for (values, rows) in pairs.iter().zip(rows) {
            for q in 0..2 {
                let value = simd.splat_f64s(values[q]);
                for v in 0..P {
                    sums[q][v] = simd.mul_add_e_f64s(value, rows[q][v], sums[q][v]);
                }
            }
        }
        for (value, row) in rest.iter().zip(last) {
            let value = simd.splat_f64s(*value);
            for v in 0..P {
                sums[0][v] = simd.mul_add_e_f64s(value, row[v], sums[0][v]);
            }
        }
        for v in 0..P {
            sums[0][v] = simd.add_f64s(sums[0][v], sums[1][v]);
        }
        sums[0]
    }

    /// What the other player's answer is made of.
    #[inline(always)]
    fn offset(&self, simd: S, steps: &Steps, z: &Part<S, P>) -> Part<S, P> {
        let mut offset = *z;
        if steps.has_saddle {
            for v in 0..P {
                offset[v] = simd.sub_f64s(z[v], self.saddle[v]);
            }
        }
        offset
    }

    /// z - step answer, moved into the set; and whether the numbers are ordinary.
    #[inline(always)]
    fn confine(
        &self,
        simd: S,
        step: f64,
        z: &Part<S, P>,
        answer: &Part<S, P>,
        guess: &mut f64,
    ) -> (Part<S, P>, bool) {
        let back = simd.splat_f64s(-step);
        let mut raw = *z;
        for v in 0..P {
            raw[v] = simd.mul_add_e_f64s(back, answer[v], z[v]);
        }
        let sum = product::<S, P>(simd, &raw, &raw);
        match self.set {
            Set::Whole => (raw, sum < MOST),
            Set::Simplex(extent) => {
                let inside = into_simplex::<S, P>(simd, extent, raw, &self.holes, guess);
                (inside, sum < MOST)
            }
            Set::Ball(extent) => {
                let length = sum.sqrt();
                if length > extent {
                    let scale = simd.splat_f64s(extent / length);
                    for value in &mut raw {
                        *value = simd.mul_f64s(*value, scale);
                    }
                }
                (raw, sum >= least_in_ball(extent) && sum < MOST)
            }
        }
    }
}

#[inline(always)]
fn product<S: Simd, const P: usize>(simd: S, x: &Part<S, P>, y: &Part<S, P>) -> f64 {
    let mut sum = simd.mul_f64s(x[0], y[0]);
    for v in 1..P {
        sum = simd.mul_add_e_f64s(x[v], y[v], sum);
    }
    simd.reduce_sum_f64s(sum)
}

/// How many coordinates are above the threshold, and their sum.
#[inline(always)]
fn kept<S: Simd, const P: usize>(simd: S, z: &Part<S, P>, threshold: f64) -> (f64, f64) {
    let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
    let threshold = simd.splat_f64s(threshold);
    let (mut count, mut sum) = (zero, zero);
    for value in z {
        let stays = simd.less_than_f64s(threshold, *value);
        count = simd.add_f64s(count, simd.select_f64s(stays, one, zero));
        sum = simd.add_f64s(sum, simd.select_f64s(stays, *value, zero));
    }
    (simd.reduce_sum_f64s(count), simd.reduce_sum_f64s(sum))
}

/// As that of `sets.rs`.
#[inline(always)]
fn into_simplex<S: Simd, const P: usize>(
    simd: S,
    extent: f64,
    mut z: Part<S, P>,
    holes: &Part<S, P>,
    guess: &mut f64,
) -> Part<S, P> {
    let mut tops = simd.splat_f64s(f64::NEG_INFINITY);
    for v in 0..P {
        z[v] = simd.add_f64s(z[v], holes[v]);
        tops = simd.max_f64s(tops, z[v]);
    }
    let top = simd.splat_f64s(simd.reduce_max_f64s(tops));
    for value in &mut z {
        *value = simd.sub_f64s(*value, top);
    }
    let start = if *guess < 0.0 {
        *guess
    } else {
        f64::NEG_INFINITY
    };
    let (mut count, sum) = kept::<S, P>(simd, &z, start);
    let mut threshold = (sum - extent) / count;
    let (next, mut sum) = kept::<S, P>(simd, &z, threshold);
    let mut goes_on = next > 0.0 && next != count;
    count = next;
    while goes_on {
        threshold = (sum - extent) / count;
        let (next, other) = kept::<S, P>(simd, &z, threshold);
        goes_on = next > 0.0 && next < count;
        (count, sum) = (next, other);
    }
    *guess = threshold;
    let threshold = simd.splat_f64s(threshold);
    for value in &mut z {
        *value = simd.max_f64s(simd.splat_f64s(0.0), simd.sub_f64s(*value, threshold));
    }
    z
}

impl<S: Simd, const P: usize> State<S, P> {
    fn of(player: usize, games: &Games<'_>, keeps: bool) -> Self {
        let (m, n) = (games.steps.rows, games.steps.columns);
        let (at, count) = own(player, m, n);
        let [point, sum, lost] =
            [0, 1, 2].map(|k| part::<S, P>(&games.points[k * (m + n) + at..][..count]));
        let kept = if keeps {
            &games.bests[1 + at..][..count]
        } else {
            &[]
        };
        Self {
            point,
            sum,
            lost,
            best: part::<S, P>(kept),
            guesses: [0.0; 2],
        }
    }

    fn back(&self, player: usize, games: &mut Games<'_>, keeps: bool) {
        let (m, n) = (games.steps.rows, games.steps.columns);
        let (at, count) = own(player, m, n);
        for (k, own) in [self.point, self.sum, self.lost].iter().enumerate() {
            part_to::<S, P>(own, &mut games.points[k * (m + n) + at..][..count]);
        }
        if keeps {
            part_to::<S, P>(&self.best, &mut games.bests[1 + at..][..count]);
        }
    }

    /// Adds a point to the mean, the sum and what it has lost.
    #[inline(always)]
    fn add(&mut self, simd: S, new: &Part<S, P>) {
        for v in 0..P {
            let total = simd.add_f64s(self.sum[v], new[v]);
            let added = simd.sub_f64s(total, self.sum[v]);
            let error = simd.sub_f64s(self.sum[v], simd.sub_f64s(total, added));
            let error = simd.add_f64s(error, simd.sub_f64s(new[v], added));
            self.lost[v] = simd.add_f64s(self.lost[v], error);
            self.sum[v] = total;
        }
    }
}

/// How many steps, and whether the next one settles the residual; None where there is no memory.
#[inline(always)]
pub fn single<S: Simd, const P: usize>(simd: S, mut games: Games<'_>) -> Option<(usize, bool)> {
    let steps = games.steps;
    let (m, n) = (steps.rows, steps.columns);
    let keeps = steps.is_extra && steps.goal >= 0.0;
    let first = Player::<S, P>::of(0, &games)?;
    let second = Player::<S, P>::of(1, &games)?;
    let mut x = State::<S, P>::of(0, &games, keeps);
    let mut y = State::<S, P>::of(1, &games, keeps);
    let mut least = if keeps { games.bests[0] } else { f64::NAN };
    let (step, inverse) = (steps.step, simd.splat_f64s(1.0 / steps.step));
    let (mut taken, mut is_settled) = (0, false);
    while taken < steps.count {
        let query = if steps.is_extra { 2 * taken } else { taken };
        let u = first.offset(simd, &steps, &x.point);
        let v = second.offset(simd, &steps, &y.point);
        let gx = first.ask(simd, &steps, query, &x.point, &cast_slice(&v)[..n]);
        let gy = second.ask(simd, &steps, query, &y.point, &cast_slice(&u)[..m]);
        let (cx, is_x) = first.confine(simd, step, &x.point, &gx, &mut x.guesses[0]);
        let (cy, is_y) = second.confine(simd, step, &y.point, &gy, &mut y.guesses[0]);
        let mut is_ordinary = is_x & is_y;
        if !steps.is_extra {
            if !is_ordinary {
                break;
            }
            let (before_x, before_y) = (x.point, y.point);
            x.add(simd, &before_x);
            y.add(simd, &before_y);
            (x.point, y.point) = (cx, cy);
            taken += 1;
            continue;
        }
        let u = first.offset(simd, &steps, &cx);
        let v = second.offset(simd, &steps, &cy);
        let hx = first.ask(simd, &steps, query + 1, &cx, &cast_slice(&v)[..n]);
        let hy = second.ask(simd, &steps, query + 1, &cy, &cast_slice(&u)[..m]);
        let (nx, is_x) = first.confine(simd, step, &x.point, &hx, &mut x.guesses[1]);
        let (ny, is_y) = second.confine(simd, step, &y.point, &hy, &mut y.guesses[1]);
        is_ordinary &= is_x & is_y;
        let mut sums = [simd.splat_f64s(0.0); 3];
        for (point, candidate, here, there) in
            [(&x.point, &cx, &gx, &hx), (&y.point, &cy, &gy, &hy)]
        {
            for k in 0..P {
                let moved = simd.sub_f64s(point[k], candidate[k]);
                let change = simd.sub_f64s(there[k], here[k]);
                let rest = simd.mul_add_e_f64s(moved, inverse, change);
                sums[0] = simd.mul_add_e_f64s(rest, rest, sums[0]);
                sums[1] = simd.mul_add_e_f64s(change, moved, sums[1]);
                sums[2] = simd.mul_add_e_f64s(moved, moved, sums[2]);
            }
        }
        let square = simd.reduce_sum_f64s(sums[0]);
        let residual = square.sqrt();
        let moved = simd.reduce_sum_f64s(sums[2]).sqrt();
        // <V(w) - V(z), w - z> has the other sign
        let lowest = steps.modulus * moved * moved - steps.doubt * moved;
        let is_wrong = -simd.reduce_sum_f64s(sums[1]) < lowest;
        let mut is_within = false;
        if steps.accuracy >= 0.0 {
            let support = support_of::<S, P>(simd, first.set, &hx, &first.holes)
                + support_of::<S, P>(simd, second.set, &hy, &second.holes);
            let moved = product::<S, P>(simd, &hx, &cx) + product::<S, P>(simd, &hy, &cy);
            let violation = moved + support;
            is_within = violation + steps.slack <= steps.accuracy;
            is_ordinary &= !violation.is_nan();
        }
        if !is_ordinary || is_wrong || !square.is_finite() {
            break;
        }
        if residual <= steps.until || is_within {
            is_settled = true;
            break;
        }
        x.add(simd, &cx);
        y.add(simd, &cy);
        if keeps && residual <= steps.goal && residual < least {
            least = residual;
            (x.best, y.best) = (cx, cy);
        }
        (x.point, y.point) = (nx, ny);
        taken += 1;
    }
    x.back(0, &mut games, keeps);
    y.back(1, &mut games, keeps);
    if keeps {
        games.bests[0] = least;
    }
    Some((taken, is_settled))
}
