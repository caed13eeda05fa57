//! A symmetric matrix that is multiplied again and again, laid out for it.
use crate::gemv::block;
use crate::lines::{Lines, NUMBERS};
use crate::rows;
use pulp::Simd;

/// Rows at once where each number is used twice: sums and factors fit the registers of AVX2 too.
const BOTH: usize = 4;

/// Orders up to which all of it lies in the first cache, and is read faster than half of it is used twice.
const MOST_WHOLE: usize = 64;

/// Both triangles, with rows and columns of zeros up to a multiple of `NUMBERS`.
pub struct Mirrored {
    order: usize,
    a: Lines<f64>,
}

impl Mirrored {
    /// Of a matrix of order n by its lower triangle; None where there is no memory for it.
    pub fn of(a: &[f64], n: usize) -> Option<Self> {
        let order = n.next_multiple_of(NUMBERS);
        let mut both = Lines::zeros(order * order)?;
        for i in 0..n {
            for j in 0..=i {
                both[i * order + j] = a[i * n + j];
                both[j * order + i] = a[i * n + j];
            }
        }
        Some(Self { order, a: both })
    }

    /// y += A x; both have as many elements as the order, rounded up to lines.
    #[inline(always)]
    pub fn multiply<S: Simd>(&self, simd: S, x: &[f64], y: &mut [f64]) {
        let Self { order, a } = self;
        if *order <= MOST_WHOLE {
            let (blocks, _) = x.as_chunks::<NUMBERS>();
            for (b, factors) in blocks.iter().enumerate() {
                let rows = block(a, *order, b * NUMBERS, 0, *order);
                rows::combine::<f64, S, NUMBERS, false>(simd, rows, *factors, y);
            }
            return;
        }
        for corner in (0..*order).step_by(NUMBERS) {
            let (left, rest) = y.split_at_mut(corner);
            // the block on the diagonal is whole: its own transpose
            let end = corner + NUMBERS;
            let (blocks, _) = x[corner..end].as_chunks::<BOTH>();
            for (b, factors) in blocks.iter().enumerate() {
                let rows = block(a, *order, corner + b * BOTH, 0, end);
                let sums = rows::both::<f64, S, BOTH>(simd, rows, &x[..end], *factors, left);
                for r in 0..BOTH {
                    rest[b * BOTH + r] += sums[r];
                }
            }
        }
    }
}
