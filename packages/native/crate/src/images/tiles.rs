//! Parts of many places, or of many weights, whose sums stay in registers.

/// The most sums: of sixteen registers one has weights, and one a number.
const MOST: usize = 13;

/// The length of tiles of so many: the one by which the fewest are computed twice, and of these the longest.
pub fn tile_length(count: usize) -> usize {
    (MOST / 2..=MOST)
        .min_by_key(|length| (count.div_ceil(*length) * length, MOST - length))
        .map_or(count, |length| length.min(count))
}

/// Calls `tile(from, skip)` with parts of `count` as long as it says by its name; the last one begins where it ends with the others' end, and says how
/// many of it they have had.
macro_rules! in_tiles {
    ($count:expr, $length:expr, $tile:ident, $($arguments:expr),*) => {{
        let (count, length): (usize, usize) = ($count, $length);
        let mut done = 0;
        while done < count {
            let from = done.min(count - length);
            let skip = done - from;
            match length {
                1 => $tile::<S, 1>($($arguments),*, from, skip),
                2 => $tile::<S, 2>($($arguments),*, from, skip),
                3 => $tile::<S, 3>($($arguments),*, from, skip),
                4 => $tile::<S, 4>($($arguments),*, from, skip),
                5 => $tile::<S, 5>($($arguments),*, from, skip),
                6 => $tile::<S, 6>($($arguments),*, from, skip),
                7 => $tile::<S, 7>($($arguments),*, from, skip),
                8 => $tile::<S, 8>($($arguments),*, from, skip),
                9 => $tile::<S, 9>($($arguments),*, from, skip),
                10 => $tile::<S, 10>($($arguments),*, from, skip),
                11 => $tile::<S, 11>($($arguments),*, from, skip),
                12 => $tile::<S, 12>($($arguments),*, from, skip),
                _ => $tile::<S, 13>($($arguments),*, from, skip),
            }
            done = from + length;
        }
    }};
}
pub(super) use in_tiles;
