//! The merge of two pieces: the eigenvectors of a rank-one update, times those of the pieces.
use super::lines::Room;
use super::secular::{PADDING, Roots, Update};
use super::vectors::{Vectors, Weights};
use crate::gemm::{Sizes, Strided, multiply};
use crate::threads::{Shared, share};
use pulp::Arch;
use std::ops::Range;
use std::slice::from_raw_parts_mut;

/// Eigenvectors that are made together, on one thread.
const TOGETHER: usize = 64;

/// Roots from which on two threads take less time than one.
const WORTH_SHARING: usize = 128;

/// Rows and columns `lo` to `hi` - 1 of a matrix with n elements a row, which have pieces that meet at `middle`; the update is rho z z^T.
pub struct Piece {
    pub n: usize,
    pub lo: usize,
    pub middle: usize,
    pub hi: usize,
    pub rho: f64,
}

/// Where a row is not zero.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Upper,
    Both,
    Lower,
}

/// What merges work in, made once for the largest.
pub struct Held<'a> {
    pub arch: Arch,
    threads: usize,
    pub weights: &'a mut [f64],
    pub kind: Vec<Kind>,
    /// Rows by ascending value, then for each place a root, or behind the roots a row that stays.
    pub order: Vec<usize>,
    /// Rows that take part in the update, and those that do not, by ascending value.
    pub kept: Vec<usize>,
    pub deflated: Vec<usize>,
    values: &'a mut [f64],
    poles: &'a mut [f64],
    signed: &'a mut [f64],
    squares: &'a mut [f64],
    near: &'a mut [f64],
    tau: &'a mut [f64],
    /// Poles and weights with those of the upper piece first and those of the lower one last.
    placed: &'a mut [f64],
    exact: &'a mut [f64],
    /// Vectors of the update, and behind them the rows that stay.
    panel: &'a mut [f64],
    /// The kept rows, each only where it is not zero.
    compact: &'a mut [f64],
}

/// So many numbers in whole vectors, whichever these are.
fn whole(count: usize) -> usize {
    count.next_multiple_of(PADDING)
}

/// Numbers that are taken from a room for merges of up to n rows.
pub fn room(n: usize) -> usize {
    n * (whole(n) + n.div_ceil(2)) + 9 * (whole(n) + PADDING)
}

/// How many rows of each kind are kept: those not zero above are the first `above`, those not zero below all from `upper` on.
struct Counts {
    upper: usize,
    above: usize,
    all: usize,
}

impl<'a> Held<'a> {
    pub fn of(arch: Arch, threads: usize, n: usize, room: &mut Room<'a>) -> Self {
        let mut vector = || room.take(whole(n) + PADDING);
        Self {
            arch,
            threads,
            weights: vector(),
            kind: vec![Kind::Upper; n],
            order: Vec::with_capacity(n),
            kept: Vec::with_capacity(n),
            deflated: Vec::with_capacity(n),
            values: vector(),
            poles: vector(),
            signed: vector(),
            squares: vector(),
            near: vector(),
            tau: vector(),
            placed: vector(),
            exact: vector(),
            panel: room.take(n * whole(n)),
            compact: room.take(n * n.div_ceil(2)),
        }
    }

    /// `d` becomes the eigenvalues of the piece, ascending, and its first rows of `q` the eigenvectors of those that are chosen.
    pub fn merge(&mut self, d: &mut [f64], q: &mut [f64], piece: &Piece, chosen: Range<usize>) {
        let (lo, hi) = (piece.lo, piece.hi);
        self.solve(d, piece.rho);
        let counts = self.place(q, piece);
        self.recompute(counts.all);
        self.sort(d, hi - lo);
        let roots = |places: &[usize]| places.iter().filter(|i| **i < counts.all).count();
        let first = roots(&self.order[..chosen.start]);
        let count = roots(&self.order[chosen.clone()]);
        self.multiply(q, piece, &counts, first..first + count);
        self.spread(q, piece, &counts, first + count, chosen);
        d[lo..hi].copy_from_slice(&self.values[..hi - lo]);
    }

    /// The roots of the secular equation.
    fn solve(&mut self, d: &[f64], rho: f64) {
        let count = self.kept.len();
        for (i, row) in self.kept.iter().enumerate() {
            let z = self.weights[*row];
            self.poles[i] = d[*row];
            self.signed[i] = z;
            self.squares[i] = z * z;
        }
        let Some(last) = self.kept.last().map(|row| d[*row]) else {
            return;
        };
        let end = whole(count) + PADDING;
        self.squares[count..end].fill(0.0);
        for (i, pole) in self.poles[count..end].iter_mut().enumerate() {
            *pole = Update::beyond(last, rho, i);
        }
        let update = Update {
            count,
            poles: self.poles,
            weights: self.signed,
            squares: self.squares,
            rho,
        };
        let given = Shared((self.near.as_mut_ptr(), self.tau.as_mut_ptr()));
        let arch = self.arch;
        share(self.helped(count), whole(count) / PADDING, &|part| {
            let (near, tau) = given.get();
            let from = part * PADDING;
            // SAFETY: each part has its own elements, which lie within
            let (near, tau) = unsafe {
                (
                    from_raw_parts_mut(near.add(from), PADDING),
                    from_raw_parts_mut(tau.add(from), PADDING),
                )
            };
            let update = &update;
            arch.dispatch(Roots {
                update,
                from,
                near,
                tau,
            });
        });
    }

    fn helped(&self, count: usize) -> usize {
        if count < WORTH_SHARING {
            1
        } else {
            self.threads
        }
    }

    /// Copies the rows out of the way of the products: the kept ones in an order in which two dense products use each only where it is not zero.
    fn place(&mut self, q: &[f64], piece: &Piece) -> Counts {
        let Piece {
            n, lo, middle, hi, ..
        } = *piece;
        let (upper_width, lower_width) = (middle - lo, hi - middle);
        let mut place = 0;
        let (mut at, mut ends) = (0, [0; 3]);
        for (end, which) in ends.iter_mut().zip([Kind::Upper, Kind::Both, Kind::Lower]) {
            for (i, row) in self.kept.iter().enumerate() {
                if self.kind[*row] == which {
                    self.placed[place] = self.poles[i];
                    self.exact[place] = self.signed[i];
                    place += 1;
                    if which != Kind::Lower {
                        self.compact[at..at + upper_width]
                            .copy_from_slice(&q[row * n + lo..row * n + middle]);
                        at += upper_width;
                    }
                }
            }
            *end = place;
        }
        let [upper, above, all] = ends;
        for which in [Kind::Both, Kind::Lower] {
            for row in self.kept.iter().filter(|row| self.kind[**row] == which) {
                self.compact[at..at + lower_width]
                    .copy_from_slice(&q[row * n + middle..row * n + hi]);
                at += lower_width;
            }
        }
        self.placed[all..whole(all)].fill(f64::INFINITY);
        let stay = all * whole(all);
        let rows = self.panel[stay..].chunks_exact_mut(hi - lo);
        for (to, row) in rows.zip(&self.deflated) {
            to.copy_from_slice(&q[row * n + lo..row * n + hi]);
        }
        Counts { upper, above, all }
    }

    /// The weights for which the computed roots are exact.
    fn recompute(&mut self, count: usize) {
        let given = Shared(self.exact.as_mut_ptr());
        let (placed, arch) = (&*self.placed, self.arch);
        let roots = (
            &self.poles[..count],
            &self.near[..count],
            &self.tau[..count],
        );
        share(self.helped(count), whole(count) / PADDING, &|part| {
            let from = part * PADDING;
            let (ascending, near, tau) = roots;
            // SAFETY: each part has its own elements, which lie within
            let weights = unsafe { from_raw_parts_mut(given.get().add(from), PADDING) };
            arch.dispatch(Weights {
                poles: &placed[from..from + PADDING],
                ascending,
                near,
                tau,
                weights,
            });
        });
        self.exact[count..whole(count)].fill(0.0);
    }

    /// All values in ascending order, and what is at each place.
    fn sort(&mut self, d: &[f64], width: usize) {
        let count = self.kept.len();
        let (mut root, mut other) = (0, 0);
        self.order.clear();
        for to in &mut self.values[..width] {
            let value = self.near[root] + self.tau[root];
            let rest = self.deflated.get(other).map(|row| d[*row]);
            match rest {
                Some(rest) if root == count || rest < value => {
                    *to = rest;
                    self.order.push(count + other);
                    other += 1;
                }
                _ => {
                    *to = value;
                    self.order.push(root);
                    root += 1;
                }
            }
        }
    }

    /// The eigenvectors of the roots to the first rows of the piece.
    fn multiply(&mut self, q: &mut [f64], piece: &Piece, counts: &Counts, roots: Range<usize>) {
        let Piece {
            n, lo, middle, hi, ..
        } = *piece;
        let Counts { upper, above, all } = *counts;
        let stride = whole(all);
        let (placed, exact) = (&self.placed[..stride], &self.exact[..stride]);
        let (near, tau) = (&self.near[roots.clone()], &self.tau[roots]);
        let (arch, compact) = (self.arch, &*self.compact);
        let given = Shared((self.panel.as_mut_ptr(), q.as_mut_ptr()));
        let threads = self.helped(all);
        share(threads, near.len().div_ceil(TOGETHER), &|part| {
            let (panel, q) = given.get();
            let from = part * TOGETHER;
            let m = TOGETHER.min(near.len() - from);
            // SAFETY: each part has its own rows of the panel and of q, and all lie within
            unsafe {
                let panel = panel.add(from * stride);
                arch.dispatch(Vectors {
                    poles: placed,
                    weights: exact,
                    near: &near[from..from + m],
                    tau: &tau[from..from + m],
                    rows: from_raw_parts_mut(panel, m * stride),
                });
                let row = q.add((lo + from) * n);
                let (width, k) = (middle - lo, above);
                let rows = Strided::of(panel, stride, false);
                let columns = Strided::of(compact.as_ptr(), width, false);
                let sizes = Sizes { m, n: width, k };
                multiply(sizes, 1.0, rows, columns, 0.0, row.add(lo), n);
                let below = compact.as_ptr().add(above * width);
                let (width, k) = (hi - middle, all - upper);
                let rows = Strided::of(panel.add(upper), stride, false);
                let columns = Strided::of(below, width, false);
                let sizes = Sizes { m, n: width, k };
                multiply(sizes, 1.0, rows, columns, 0.0, row.add(middle), n);
            }
        });
    }

    /// Moves the vectors of the roots, of which the last chosen one comes before `end`, from the first rows to their places between those that stay.
    fn spread(
        &mut self,
        q: &mut [f64],
        piece: &Piece,
        counts: &Counts,
        end: usize,
        chosen: Range<usize>,
    ) {
        let Piece { n, lo, hi, .. } = *piece;
        let all = counts.all;
        let stay = &self.panel[all * whole(all)..];
        let first = end
            - self.order[chosen.clone()]
                .iter()
                .filter(|i| **i < all)
                .count();
        // a vector goes no further to the front, so that none is overwritten before its turn
        for (to, what) in self.order[chosen].iter().enumerate().rev() {
            let at = (lo + to) * n + lo;
            if *what >= all {
                let from = (what - all) * (hi - lo);
                q[at..at + hi - lo].copy_from_slice(&stay[from..from + hi - lo]);
            } else if *what - first != to {
                let from = (lo + what - first) * n + lo;
                q.copy_within(from..from + hi - lo, at);
            }
        }
    }
}
