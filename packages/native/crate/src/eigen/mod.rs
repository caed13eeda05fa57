//! Whole eigenvalue problems: the methods of packages/numerics, with a root of the secular equation in each lane of a vector.
mod back;
mod divide;
mod leaf;
mod lines;
mod merge;
pub mod operations;
mod reduce;
mod secular;
mod vectors;

use crate::lines::NUMBERS;
use lines::with_room;
use pulp::{Arch, Simd, WithSimd};
use reduce::Reduce;
use std::ops::Range;

/// More parts than a problem takes of its room.
const PARTS: usize = 32;

/// The largest magnitude of the lower triangle of a matrix with n rows; None where one is not finite.
struct Largest<'a> {
    a: &'a [f64],
    n: usize,
}

impl WithSimd for Largest<'_> {
    type Output = Option<f64>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<f64> {
        let zero = simd.splat_f64s(0.0);
        let mut all = true;
        let mut largest = 0.0f64;
        for (i, row) in self.a.chunks_exact(self.n).enumerate() {
            let (vectors, rest) = S::as_simd_f64s(&row[..=i]);
            let mut most = zero;
            for x in vectors {
                let size = simd.max_f64s(*x, simd.sub_f64s(zero, *x));
                most = simd.max_f64s(most, size);
            }
            largest = largest.max(simd.reduce_max_f64s(most));
            for x in rest {
                largest = largest.max(x.abs());
            }
            // what is not finite differs from itself here, where a maximum can lose it
            let mut differences = zero;
            for x in vectors {
                differences = simd.add_f64s(differences, simd.sub_f64s(*x, *x));
            }
            let mut difference = simd.reduce_sum_f64s(differences);
            for x in rest {
                difference += x - x;
            }
            all &= difference == 0.0;
        }
        all.then_some(largest)
    }
}

/// A power of two within a factor 2 below x, from 2^-1021 to 2^1022; 1 for 0.
fn power_of_two_near(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let exponent = (x.to_bits() >> 52).clamp(2, 2045);
    f64::from_bits(exponent << 52)
}

/// The eigenvalues and eigenvectors of a symmetric matrix, of which the lower triangle is read, that are chosen in ascending order; each vector is a
/// row. None, with nothing changed, where an entry is not finite, where there is no memory, and where the iteration does not converge.
pub fn symmetric(
    arch: Arch,
    threads: usize,
    a: &[f64],
    n: usize,
    chosen: Range<usize>,
    values: &mut [f64],
    vectors: &mut [f64],
) -> Option<()> {
    if n == 0 {
        return Some(());
    }
    let scale = power_of_two_near(arch.dispatch(Largest { a, n })?);
    let count = chosen.len();
    let pitch = n.next_multiple_of(NUMBERS);
    let own = if count < n { n * n } else { 0 };
    let numbers = (n + 7) * pitch + own + back::room(n, count) + divide::room(n);
    with_room(numbers, PARTS, |mut room| {
        let work = room.take(n * pitch);
        let factor = 1.0 / scale;
        let rows = work.chunks_exact_mut(pitch).zip(a.chunks_exact(n));
        for (i, (to, row)) in rows.enumerate() {
            for (to, value) in to[..=i].iter_mut().zip(row) {
                *to = value * factor;
            }
        }
        let [diagonal, off, tau] = [(); 3].map(|()| room.take(n));
        arch.dispatch(Reduce {
            a: &mut *work,
            diagonal: &mut *diagonal,
            off: &mut *off,
            tau: &mut *tau,
            work: room.take(4 * pitch),
        });
        let own = room.take(own);
        let q = if count < n { &mut *own } else { &mut *vectors };
        divide::solve(arch, threads, diagonal, off, q, chosen.clone(), &mut room)?;
        back::back(arch, threads, work, tau, &mut q[..count * n], &mut room);
        if count < n {
            vectors.copy_from_slice(&own[..count * n]);
        }
        for (to, value) in values.iter_mut().zip(&diagonal[chosen]) {
            *to = value * scale;
        }
        Some(())
    })
}
