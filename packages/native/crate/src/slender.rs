//! A^T A of a matrix with few columns and many rows, each of which is read as it lies: nothing is packed.
use crate::real::Real;
use pulp::{Simd, WithSimd};

/// Columns at most: three vectors of eight.
const MOST_COLUMNS: usize = 24;
/// Fewer rows are not worth it.
const LEAST_ROWS: usize = 32;
/// Columns that multiply at once, each a number in all lanes.
const ROWS: usize = 4;
/// Rows that stay in the first cache while they are read for every group of columns.
const BLOCK: usize = 256;

/// Whether so many columns of so many rows are such a matrix, on a processor whose registers hold the sums.
fn is_slender<S: Simd>(columns: usize, rows: usize) -> bool {
    S::F64_LANES == 8 && (1..=MOST_COLUMNS).contains(&columns) && rows >= LEAST_ROWS
}

/// The sums of products of columns i and j <= i.
type Sums = [[f64; MOST_COLUMNS]; MOST_COLUMNS];

/// Of a row-major matrix; None where it is not slender.
struct Slender<'a> {
    columns: usize,
    a: &'a [f64],
}

/// Adds the products of `ROWS` columns from `first` on with the columns from there on, of which there are V vectors.
#[inline(always)]
fn group<S: Simd, const V: usize>(
    simd: S,
    columns: usize,
    a: &[f64],
    first: usize,
    sums: &mut Sums,
) {
    let count = ROWS.min(columns - first);
    let last = <f64 as Real>::mask(simd, columns - first - 8 * (V - 1));
    let all = <f64 as Real>::mask(simd, 8);
    let mask = |v: usize| if v + 1 < V { all } else { last };
    let mut group = [[simd.splat_f64s(0.0); V]; ROWS];
    for row in a.chunks_exact(columns) {
        // SAFETY: the lanes of the masks are columns of the row
        let vectors: [S::f64s; V] = std::array::from_fn(|v| unsafe {
            <f64 as Real>::load(simd, mask(v), row.as_ptr().add(first + 8 * v))
        });
        for r in 0..ROWS {
            // where there are fewer columns, what the last of them gives is not taken
            let factor = simd.splat_f64s(row[first + r.min(count - 1)]);
            for v in 0..V {
                group[r][v] = simd.mul_add_e_f64s(factor, vectors[v], group[r][v]);
            }
        }
    }
    for (r, products) in group.into_iter().enumerate().take(count) {
        let mut numbers = [0.0; MOST_COLUMNS];
        for v in 0..V {
            // SAFETY: there is room for V vectors
            unsafe {
                <f64 as Real>::store(simd, all, numbers.as_mut_ptr().add(8 * v), products[v])
            };
        }
        for (i, product) in numbers.iter().enumerate().take(columns - first).skip(r) {
            sums[first + i][first + r] += product;
        }
    }
}

impl WithSimd for Slender<'_> {
    type Output = Option<Sums>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<Sums> {
        let Self { columns, a } = self;
        if !is_slender::<S>(columns, a.len().checked_div(columns).unwrap_or(0)) {
            return None;
        }
        let mut sums = [[0.0; MOST_COLUMNS]; MOST_COLUMNS];
        for block in a.chunks(BLOCK * columns) {
            for first in (0..columns).step_by(ROWS) {
                match (columns - first).div_ceil(8) {
                    1 => group::<S, 1>(simd, columns, block, first, &mut sums),
                    2 => group::<S, 2>(simd, columns, block, first, &mut sums),
                    _ => group::<S, 3>(simd, columns, block, first, &mut sums),
                }
            }
        }
        Some(sums)
    }
}

/// C = alpha A^T A + beta C, both triangles, of which only the lower one is read; whether A is slender, else nothing is done.
pub fn multiply(
    arch: pulp::Arch,
    columns: usize,
    alpha: f64,
    a: &[f64],
    beta: f64,
    c: &mut [f64],
) -> bool {
    let Some(sums) = arch.dispatch(Slender { columns, a }) else {
        return false;
    };
    for i in 0..columns {
        for j in 0..=i {
            let at = i * columns + j;
            let before = if beta == 0.0 { 0.0 } else { beta * c[at] };
            c[at] = alpha * sums[i][j] + before;
            c[j * columns + i] = c[at];
        }
    }
    true
}
