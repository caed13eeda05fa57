//! Room for numbers in whole lines of the cache, which no vector straddles.
use crate::lines::{Line, NUMBERS};
use pulp::bytemuck::{Zeroable, cast_slice_mut};
use std::cell::RefCell;

/// Lines that a thread keeps, 8 MB: to have fresh ones from the system takes as long as a small problem.
const KEPT: usize = 1 << 17;

thread_local! {
    static LINES: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// Parts of one memory, one after the other, in which anything may stand.
pub struct Room<'a>(&'a mut [f64]);

impl<'a> Room<'a> {
    pub fn take(&mut self, count: usize) -> &'a mut [f64] {
        let (part, rest) =
            std::mem::take(&mut self.0).split_at_mut(count.next_multiple_of(NUMBERS));
        self.0 = rest;
        &mut part[..count]
    }
}

/// Runs `work` with room for `count` numbers in up to `parts` parts. None where there is no memory for them, or where `work` has none.
pub fn with_room<R>(
    count: usize,
    parts: usize,
    work: impl FnOnce(Room<'_>) -> Option<R>,
) -> Option<R> {
    let mut lines = LINES.take();
    let needed = count.div_ceil(NUMBERS) + parts;
    if lines.len() < needed {
        lines.try_reserve_exact(needed - lines.len()).ok()?;
        lines.resize(needed, Line::zeroed());
    }
    let result = work(Room(cast_slice_mut(&mut lines)));
    if lines.len() <= KEPT {
        LINES.set(lines);
    }
    result
}
