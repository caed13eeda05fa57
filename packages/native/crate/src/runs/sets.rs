//! Projections onto balls and simplexes.
use super::lanes::Lanes;
use super::sorting::{MOST_SORTED, sorted_threshold};

/// The set of a player, as `MonotoneSet` has it.
#[derive(Clone, Copy, PartialEq)]
pub enum Set {
    Whole,
    Ball(f64),
    Simplex(f64),
}

impl Set {
    pub fn of(kind: f64, extent: f64) -> Option<Set> {
        let is_extent = extent >= 0.0 && extent.is_finite();
        match kind {
            0.0 => Some(Set::Whole),
            1.0 if is_extent => Some(Set::Ball(extent)),
            2.0 if is_extent => Some(Set::Simplex(extent)),
            _ => None,
        }
    }
}

/// Sums of squares up to which nothing overflows.
pub const MOST: f64 = 1e300;

/// Squares of what lies in a ball of at least this radius lose nothing that its projection sees; in a smaller one sums of them must be so large.
const LEAST_RADIUS: f64 = 1e-140;
pub const LEAST: f64 = 1.0020841800044864e-292;

pub fn least_in_ball(extent: f64) -> f64 {
    if extent < LEAST_RADIUS { LEAST } else { 0.0 }
}

/// Moves points into their sets; says of which runs the numbers are ordinary. `guess` is what the last projection onto a simplex left: wherever it begins, it finds the same set
/// of coordinates that stay, and from that of the last step it need not look for it.
#[inline(always)]
pub fn project<L: Lanes>(
    l: L,
    set: Set,
    raw: &mut [L::Number],
    z: &mut [L::Number],
    guess: &mut L::Number,
) -> L::Truth {
    match set {
        Set::Whole => {
            z.copy_from_slice(raw);
            l.less(squares(l, raw), l.splat(MOST))
        }
        Set::Ball(extent) => into_ball(l, extent, raw, z),
        Set::Simplex(extent) if raw.len() <= MOST_SORTED => {
            let ordinary = l.less(squares(l, raw), l.splat(MOST));
            let (top, over) = sorted_threshold(l, raw, extent);
            for (value, from) in z.iter_mut().zip(raw) {
                *value = l.max(l.zero(), l.sub(l.sub(*from, top), over));
            }
            ordinary
        }
        Set::Simplex(extent) => into_simplex(l, extent, raw, z, guess),
    }
}

#[inline(always)]
pub fn squares<L: Lanes>(l: L, z: &[L::Number]) -> L::Number {
    let mut sums = [l.zero(); 2];
    let (pairs, rest) = z.as_chunks::<2>();
    for pair in pairs {
        sums[0] = l.fused(pair[0], pair[0], sums[0]);
        sums[1] = l.fused(pair[1], pair[1], sums[1]);
    }
    for value in rest {
        sums[0] = l.fused(*value, *value, sums[0]);
    }
    l.add(sums[0], sums[1])
}

#[inline(always)]
fn into_ball<L: Lanes>(l: L, extent: f64, raw: &[L::Number], z: &mut [L::Number]) -> L::Truth {
    let radius = l.splat(extent);
    let sum = squares(l, raw);
    let length = l.sqrt(sum);
    let outside = l.less(radius, length);
    let scale = l.select(outside, l.div(radius, length), l.splat(1.0));
    for (value, from) in z.iter_mut().zip(raw) {
        *value = l.mul(*from, scale);
    }
    let least = l.splat(least_in_ball(extent));
    l.both(l.at_most(least, sum), l.less(sum, l.splat(MOST)))
}

/// How many coordinates are above a threshold, and their sum, each in two parts.
struct Kept<N> {
    counts: [N; 2],
    sums: [N; 2],
}

impl<N: Copy> Kept<N> {
    #[inline(always)]
    fn none<L: Lanes<Number = N>>(l: L) -> Self {
        Self {
            counts: [l.zero(); 2],
            sums: [l.zero(); 2],
        }
    }

    #[inline(always)]
    fn add<L: Lanes<Number = N>>(&mut self, l: L, k: usize, value: N, threshold: N) {
        let stays = l.less(threshold, value);
        let one = l.select(stays, l.splat(1.0), l.zero());
        self.counts[k] = l.add(self.counts[k], one);
        self.sums[k] = l.add(self.sums[k], l.select(stays, value, l.zero()));
    }

    #[inline(always)]
    fn total<L: Lanes<Number = N>>(self, l: L) -> (N, N) {
        (
            l.add(self.counts[0], self.counts[1]),
            l.add(self.sums[0], self.sums[1]),
        )
    }
}

/// z gets what the coordinates are above the threshold.
#[inline(always)]
fn kept<L: Lanes>(
    l: L,
    raw: &[L::Number],
    threshold: L::Number,
    z: &mut [L::Number],
) -> (L::Number, L::Number) {
    let mut kept = Kept::none(l);
    let (pairs, rest) = raw.as_chunks::<2>();
    let (tos, to) = z.as_chunks_mut::<2>();
    for (pair, to) in pairs.iter().zip(tos) {
        for k in 0..2 {
            kept.add(l, k, pair[k], threshold);
            to[k] = l.max(l.zero(), l.sub(pair[k], threshold));
        }
    }
    for (value, to) in rest.iter().zip(to) {
        kept.add(l, 0, *value, threshold);
        *to = l.max(l.zero(), l.sub(*value, threshold));
    }
    kept.total(l)
}

/// By Newton's method for the threshold. The coordinates above any guess have a threshold that is none too large; from there on it only grows.
#[inline(always)]
fn into_simplex<L: Lanes>(
    l: L,
    extent: f64,
    raw: &mut [L::Number],
    z: &mut [L::Number],
    guess: &mut L::Number,
) -> L::Truth {
    let (zero, lowest, extent) = (l.zero(), l.splat(f64::NEG_INFINITY), l.splat(extent));
    let ordinary = l.less(squares(l, raw), l.splat(MOST));
    let mut top = lowest;
    for value in raw.iter() {
        top = l.max(top, *value);
    }
    // the largest coordinate is 0 then: below it at least one stays
    let start = l.select(l.less(*guess, zero), *guess, lowest);
    let mut found = Kept::none(l);
    let (pairs, rest) = raw.as_chunks_mut::<2>();
    for pair in pairs {
        for k in 0..2 {
            pair[k] = l.sub(pair[k], top);
            found.add(l, k, pair[k], start);
        }
    }
    for value in rest {
        *value = l.sub(*value, top);
        found.add(l, 0, *value, start);
    }
    let (mut count, sum) = found.total(l);
    let mut threshold = l.div(l.sub(sum, extent), count);
    let (next, mut sum) = kept(l, raw, threshold, z);
    let mut goes_on = l.both(l.less(zero, next), l.not(l.same(next, count)));
    count = next;
    while l.any(goes_on) {
        threshold = l.select(goes_on, l.div(l.sub(sum, extent), count), threshold);
        let (next, other) = kept(l, raw, threshold, z);
        goes_on = l.both(goes_on, l.both(l.less(zero, next), l.less(next, count)));
        count = l.select(goes_on, next, count);
        sum = other;
    }
    *guess = threshold;
    ordinary
}
