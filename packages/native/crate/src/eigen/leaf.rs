//! Small tridiagonal matrices by implicit QL with Wilkinson's shift.
use pulp::{Simd, WithSimd};

/// The largest matrix: two vectors of AVX-512 hold a row.
pub const LEAF: usize = 16;

const EPSILON: f64 = f64::EPSILON / 2.0;
/// Sweeps per eigenvalue before giving up; 1.7 is typical.
const SWEEPS: usize = 60;

type Row = [f64; LEAF];

/// `diagonal` becomes the eigenvalues, ascending, `off` (one less) is destroyed, and row i of `q`, which has `n` elements a row, the eigenvector
/// of diagonal[i]. None where the iteration does not converge, which takes what is no number.
pub struct Leaf<'a> {
    pub diagonal: &'a mut [f64],
    pub off: &'a mut [f64],
    pub q: &'a mut [f64],
    pub n: usize,
}

impl WithSimd for Leaf<'_> {
    type Output = Option<()>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Option<()> {
        let Self {
            diagonal,
            off,
            q,
            n,
        } = self;
        let size = diagonal.len();
        let mut rows = [[0.0; LEAF]; LEAF];
        for (i, row) in rows.iter_mut().enumerate() {
            row[i] = 1.0;
        }
        iterate(diagonal, off, &mut rows)?;
        let mut order = [0; LEAF];
        for i in 0..size {
            let mut at = i;
            while at > 0 && diagonal[order[at - 1]] > diagonal[i] {
                order[at] = order[at - 1];
                at -= 1;
            }
            order[at] = i;
        }
        let values = order.map(|i| diagonal.get(i).copied().unwrap_or_default());
        diagonal.copy_from_slice(&values[..size]);
        for (row, from) in order[..size].iter().enumerate() {
            q[row * n..row * n + size].copy_from_slice(&rows[*from][..size]);
        }
        Some(())
    }
}

#[inline(always)]
fn is_negligible(square: f64, left: f64, right: f64) -> bool {
    square <= EPSILON * EPSILON * left.abs() * right.abs() + f64::MIN_POSITIVE
}

#[inline(always)]
fn iterate(diagonal: &mut [f64], off: &mut [f64], rows: &mut [Row; LEAF]) -> Option<()> {
    let n = diagonal.len();
    let mut sweeps = 0;
    for l in 0..n {
        loop {
            let mut m = l;
            while m < n - 1 && !is_negligible(off[m] * off[m], diagonal[m], diagonal[m + 1]) {
                m += 1;
            }
            if m == l {
                break;
            }
            if sweeps == SWEEPS * n {
                return None;
            }
            sweeps += 1;
            let before = diagonal[l];
            let mut g = (diagonal[l + 1] - before) / (2.0 * off[l]);
            let mut r = (g * g + 1.0).sqrt();
            g = diagonal[m] - before + off[l] / (g + if g < 0.0 { -r } else { r });
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            for i in (l..m).rev() {
                let (f, b) = (s * off[i], c * off[i]);
                r = (f * f + g * g).sqrt();
                if r < 1e-145 {
                    r = small_length(f, g);
                }
                if i < m - 1 {
                    off[i + 1] = r;
                }
                (c, s) = if r == 0.0 { (1.0, 0.0) } else { (g / r, f / r) };
                g = diagonal[i + 1] - p;
                r = (diagonal[i] - g) * s + 2.0 * c * b;
                p = s * r;
                diagonal[i + 1] = g + p;
                g = c * r - b;
                let (upper, lower) = (rows[i], rows[i + 1]);
                for k in 0..LEAF {
                    rows[i + 1][k] = s * upper[k] + c * lower[k];
                    rows[i][k] = c * upper[k] - s * lower[k];
                }
            }
            diagonal[l] -= p;
            off[l] = g;
            if m < n - 1 {
                off[m] = 0.0;
            }
        }
    }
    Some(())
}

/// The length of (f, g) where squares underflow.
fn small_length(f: f64, g: f64) -> f64 {
    let scale = 2f64.powi(600);
    let (x, y) = (scale * f, scale * g);
    (x * x + y * y).sqrt() / scale
}
