//! The threshold of a projection onto a simplex from sorted coordinates, where there are few: no loop waits for a run whose neighbour goes on.
use super::lanes::Lanes;

/// Up to so many coordinates: of ten a network was seen to take longer than the search.
pub const MOST_SORTED: usize = 8;

/// Puts the larger of each pair first.
macro_rules! network {
    ($l:ident, $z:ident, $($i:literal $j:literal),+) => {{
        $(
            let (first, second) = ($z[$i], $z[$j]);
            $z[$i] = $l.max(first, second);
            $z[$j] = $l.min(first, second);
        )+
    }};
}

/// Sorts from the largest on, by a network of comparisons for each length that it knows.
#[inline(always)]
fn sort<L: Lanes, const N: usize>(l: L, z: &mut [L::Number; N]) {
    match N {
        2 => network!(
            l, z,
            0 1
        ),
        3 => network!(
            l, z,
            0 2, 0 1, 1 2
        ),
        4 => network!(
            l, z,
            0 2, 1 3, 0 1, 2 3, 1 2
        ),
        6 => network!(
            l, z,
            0 5, 1 3, 2 4, 1 2, 3 4, 0 3, 2 5, 0 1, 2 3, 4 5,
            1 2, 3 4
        ),
        8 => network!(
            l, z,
            0 2, 1 3, 4 6, 5 7, 0 4, 1 5, 2 6, 3 7, 0 1, 2 3,
            4 5, 6 7, 2 4, 3 5, 1 4, 3 6, 1 2, 3 4, 5 6
        ),
        _ => {}
    }
}

/// Of N coordinates, the last of which may be -infinity: the largest, and how far the threshold lies above it. That is the largest of those of the first 1, 2, ..., N.
#[inline(always)]
fn threshold<L: Lanes, const N: usize>(
    l: L,
    raw: &[L::Number],
    extent: f64,
) -> (L::Number, L::Number) {
    let mut z = [l.splat(f64::NEG_INFINITY); N];
    z[..raw.len()].copy_from_slice(raw);
    sort(l, &mut z);
    let top = z[0];
    let mut over = l.splat(-extent);
    let mut largest = over;
    for (k, value) in z.iter().enumerate().skip(1) {
        over = l.add(over, l.sub(*value, top));
        largest = l.max(largest, l.mul(over, l.splat(1.0 / (k + 1) as f64)));
    }
    (top, largest)
}

/// As `threshold`, of at most `MOST_SORTED` coordinates.
#[inline(always)]
pub fn sorted_threshold<L: Lanes>(l: L, raw: &[L::Number], extent: f64) -> (L::Number, L::Number) {
    match raw.len() {
        0..=2 => threshold::<L, 2>(l, raw, extent),
        3 => threshold::<L, 3>(l, raw, extent),
        4 => threshold::<L, 4>(l, raw, extent),
        5..=6 => threshold::<L, 6>(l, raw, extent),
        _ => threshold::<L, 8>(l, raw, extent),
    }
}
