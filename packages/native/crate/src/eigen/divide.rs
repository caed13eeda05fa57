//! Eigenvalues and eigenvectors of a tridiagonal matrix by divide and conquer.
//!
//! Source: Cuppen (1981), with the deflation of Dongarra and Sorensen (1987), as in packages/numerics. Ours: every piece is left in ascending
//! order, so that products are written where they stay.
use super::leaf::{LEAF, Leaf};
use super::lines::Room;
use super::merge::{self, Held, Kind, Piece};
use pulp::Arch;
use std::ops::Range;

const EPSILON: f64 = f64::EPSILON / 2.0;

/// `d` becomes the eigenvalues, ascending, `e` is destroyed, and the first rows of `q` become the eigenvectors of those that are chosen; entries are
/// at most about 1. None where there is no
/// convergence, which takes what is no number.
pub fn solve(
    arch: Arch,
    threads: usize,
    d: &mut [f64],
    e: &mut [f64],
    q: &mut [f64],
    chosen: Range<usize>,
    room: &mut Room<'_>,
) -> Option<()> {
    let n = d.len();
    q.fill(0.0);
    if n <= LEAF {
        let (diagonal, off) = (d, e);
        let rows = &mut *q;
        arch.dispatch(Leaf {
            diagonal,
            off,
            q: rows,
            n,
        })?;
        q.copy_within(chosen.start * n..chosen.end * n, 0);
        return Some(());
    }
    let mut held = Held::of(arch, threads, n, room);
    divide(d, e, q, 0..n, chosen, &mut held)
}

/// Numbers that `solve` takes from its room.
pub fn room(n: usize) -> usize {
    if n <= LEAF { 0 } else { merge::room(n) }
}

fn divide(
    d: &mut [f64],
    e: &mut [f64],
    q: &mut [f64],
    rows: Range<usize>,
    chosen: Range<usize>,
    held: &mut Held<'_>,
) -> Option<()> {
    let n = d.len();
    let (lo, hi) = (rows.start, rows.end);
    if hi - lo <= LEAF {
        return held.arch.dispatch(Leaf {
            diagonal: &mut d[lo..hi],
            off: &mut e[lo..hi - 1],
            q: &mut q[lo * n + lo..],
            n,
        });
    }
    let middle = lo + (hi - lo) / 2;
    let coupling = e[middle - 1];
    d[middle - 1] -= coupling.abs();
    d[middle] -= coupling.abs();
    divide(d, e, q, lo..middle, 0..middle - lo, held)?;
    divide(d, e, q, middle..hi, 0..hi - middle, held)?;
    let piece = Piece {
        n,
        lo,
        middle,
        hi,
        rho: 2.0 * coupling.abs(),
    };
    prepare(d, q, &piece, coupling < 0.0, held);
    held.merge(d, q, &piece, chosen);
    Some(())
}

/// The rank-one term is |coupling| u u^T with |u|^2 = 2; its coordinates in the eigenvectors of the pieces are the weights, of length 1.
fn prepare(d: &mut [f64], q: &mut [f64], piece: &Piece, is_negative: bool, held: &mut Held<'_>) {
    let Piece {
        n,
        lo,
        middle,
        hi,
        rho,
    } = *piece;
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let lower = if is_negative { -half } else { half };
    let mut largest = rho;
    for i in lo..hi {
        let is_upper = i < middle;
        held.weights[i] = if is_upper {
            half * q[i * n + middle - 1]
        } else {
            lower * q[i * n + middle]
        };
        held.kind[i] = if is_upper { Kind::Upper } else { Kind::Lower };
        largest = largest.max(d[i].abs());
    }
    // both pieces are in order
    held.order.clear();
    let (mut upper, mut lower) = (lo, middle);
    while upper < middle || lower < hi {
        let is_lower = upper == middle || (lower < hi && d[lower] < d[upper]);
        let next = if is_lower { &mut lower } else { &mut upper };
        held.order.push(*next);
        *next += 1;
    }
    deflate(d, q, piece, 8.0 * EPSILON * largest, held);
}

/// Leaves aside the rows that the update does not reach, and turns nearly equal pairs so that it does not reach one of them.
fn deflate(d: &mut [f64], q: &mut [f64], piece: &Piece, tolerance: f64, held: &mut Held<'_>) {
    let Piece { n, lo, hi, rho, .. } = *piece;
    let Held {
        weights: z,
        kind,
        order,
        kept,
        deflated,
        ..
    } = held;
    kept.clear();
    deflated.clear();
    let mut previous: Option<usize> = None;
    for row in order.iter().copied() {
        if rho * z[row].abs() <= tolerance {
            deflated.push(row);
            continue;
        }
        if let Some(last) = previous {
            let (s, c) = (-z[last], z[row]);
            let length = (s * s + c * c).sqrt();
            let (s, c) = (s / length, c / length);
            if ((d[row] - d[last]) * c * s).abs() <= tolerance {
                z[row] = length;
                z[last] = 0.0;
                if kind[row] != kind[last] {
                    kind[row] = Kind::Both;
                }
                rotate(q, last * n + lo, row * n + lo, hi - lo, c, s);
                let (first, second) = (d[last], d[row]);
                d[last] = first * c * c + second * s * s;
                d[row] = first * s * s + second * c * c;
                deflated.push(last);
            } else {
                kept.push(last);
            }
        }
        previous = Some(row);
    }
    kept.extend(previous);
    deflated.sort_by(|a, b| d[*a].total_cmp(&d[*b]));
}

fn rotate(q: &mut [f64], first: usize, second: usize, width: usize, c: f64, s: f64) {
    for k in 0..width {
        let (x, y) = (q[first + k], q[second + k]);
        q[first + k] = c * x + s * y;
        q[second + k] = c * y - s * x;
    }
}
