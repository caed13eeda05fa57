//! Whole runs of gradient descent on `(1/n) sum_k (<A_k, W_L ... W_1> - b_k)^2` with noise on the b_k, as `descendLayers` of numerics has them.
use super::lanes::{Lanes, Many, One, back, groups, lay};
use crate::lines::Lines;
use pulp::{Simd, WithSimd};

/// Sums of squares up to which nothing overflows.
const MOST: f64 = 1e300;

/// Runs one after the other: of each its layers, and its noise, n numbers a step, of which there are none without noise.
pub struct Layers<'a> {
    pub steps: usize,
    /// d_0, ..., d_L of two layers or more.
    pub widths: &'a [usize],
    pub matrices: &'a [f64],
    pub targets: &'a [f64],
    pub noise: f64,
    pub rate: f64,
    pub runs: usize,
    pub points: &'a mut [f64],
    pub epsilon: &'a [f64],
}

impl WithSimd for Layers<'_> {
    /// How many steps; None where there is no memory.
    type Output = Option<usize>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        if self.runs > 1 {
            self.run(Many(simd))
        } else if S::IS_SCALAR {
            self.run(One::<false>)
        } else {
            self.run(One::<true>)
        }
    }
}

/// A matrix as it is, or turned: the numbers from row to row, and from column to column.
#[derive(Clone, Copy)]
struct Matrix<'a, N> {
    numbers: &'a [N],
    row: usize,
    column: usize,
}

impl<'a, N> Matrix<'a, N> {
    #[inline(always)]
    fn of(numbers: &'a [N], columns: usize) -> Self {
        Self {
            numbers,
            row: columns,
            column: 1,
        }
    }

    #[inline(always)]
    fn turned(self) -> Self {
        Self {
            row: self.column,
            column: self.row,
            ..self
        }
    }
}

/// C = A B of m rows and N columns, of K products each: B stays in registers, and a row needs no loop.
#[inline(always)]
fn short<L: Lanes, const N: usize, const K: usize>(
    l: L,
    m: usize,
    a: Matrix<'_, L::Number>,
    b: Matrix<'_, L::Number>,
    c: &mut [L::Number],
) {
    assert!(m * N <= c.len() && m > 0);
    assert!((m - 1) * a.row + (K - 1) * a.column < a.numbers.len());
    assert!((K - 1) * b.row + (N - 1) * b.column < b.numbers.len());
    let mut held = [[l.zero(); N]; K];
    for (p, row) in held.iter_mut().enumerate() {
        for (j, value) in row.iter_mut().enumerate() {
            // SAFETY: the last element lies within, and no other behind it
            *value = unsafe { *b.numbers.get_unchecked(p * b.row + j * b.column) };
        }
    }
    for i in 0..m {
        let mut sums = [l.zero(); N];
        for (p, row) in held.iter().enumerate() {
            // SAFETY: likewise
            let value = unsafe { *a.numbers.get_unchecked(i * a.row + p * a.column) };
            for (sum, other) in sums.iter_mut().zip(row) {
                *sum = if p == 0 {
                    l.mul(value, *other)
                } else {
                    l.fused(value, *other, *sum)
                };
            }
        }
        for (j, sum) in sums.iter().enumerate() {
            // SAFETY: m N elements are there
            unsafe { *c.get_unchecked_mut(i * N + j) = *sum };
        }
    }
}

/// C = A B, m x n, of k products each.
#[inline(always)]
fn multiply<L: Lanes>(
    l: L,
    [m, n, k]: [usize; 3],
    a: Matrix<'_, L::Number>,
    b: Matrix<'_, L::Number>,
    c: &mut [L::Number],
) {
    match (n, k) {
        (1, 1) => short::<L, 1, 1>(l, m, a, b, c),
        (1, 2) => short::<L, 1, 2>(l, m, a, b, c),
        (1, 3) => short::<L, 1, 3>(l, m, a, b, c),
        (2, 1) => short::<L, 2, 1>(l, m, a, b, c),
        (2, 2) => short::<L, 2, 2>(l, m, a, b, c),
        (2, 3) => short::<L, 2, 3>(l, m, a, b, c),
        (3, 1) => short::<L, 3, 1>(l, m, a, b, c),
        (3, 2) => short::<L, 3, 2>(l, m, a, b, c),
        (3, 3) => short::<L, 3, 3>(l, m, a, b, c),
        _ => long(l, [m, n, k], a, b, c),
    }
}

#[inline(always)]
fn long<L: Lanes>(
    l: L,
    [m, n, k]: [usize; 3],
    a: Matrix<'_, L::Number>,
    b: Matrix<'_, L::Number>,
    c: &mut [L::Number],
) {
    for i in 0..m {
        for j in 0..n {
            let mut sum = l.zero();
            for p in 0..k {
                let x = a.numbers[i * a.row + p * a.column];
                sum = l.fused(x, b.numbers[p * b.row + j * b.column], sum);
            }
            c[i * n + j] = sum;
        }
    }
}

/// Adds a product to a sum, or begins it.
#[inline(always)]
fn gather<L: Lanes>(
    l: L,
    is_first: bool,
    coefficient: L::Number,
    factor: f64,
    sum: L::Number,
) -> L::Number {
    let factor = l.splat(factor);
    if is_first {
        l.mul(coefficient, factor)
    } else {
        l.fused(coefficient, factor, sum)
    }
}

/// Residuals against labels with noise, and 2/n times their sum with the A_k; returns the sum of their squares.
#[inline(always)]
fn measure<L: Lanes>(
    l: L,
    run: &Layers<'_>,
    epsilon: &[L::Number],
    product: &[L::Number],
    out: &mut [L::Number],
) -> L::Number {
    let (n, size) = (run.targets.len(), product.len());
    let (scale, noise) = (l.splat(2.0 / n as f64), l.splat(run.noise));
    let (values, value) = product.as_chunks::<4>();
    let (tos, to) = out[..size].as_chunks_mut::<4>();
    let mut squares = l.zero();
    for (k, target) in run.targets.iter().enumerate() {
        let (rows, row) = run.matrices[k * size..][..size].as_chunks::<4>();
        let mut sums = [l.zero(), l.zero(), l.zero(), l.splat(-target)];
        for (values, row) in values.iter().zip(rows) {
            for q in 0..4 {
                sums[q] = l.fused(l.splat(row[q]), values[q], sums[q]);
            }
        }
        for (value, factor) in value.iter().zip(row) {
            sums[0] = l.fused(l.splat(*factor), *value, sums[0]);
        }
        let mut r = l.add(l.add(sums[0], sums[1]), l.add(sums[2], sums[3]));
        if run.noise > 0.0 {
            r = l.sub(r, l.mul(noise, epsilon[k]));
        }
        squares = l.fused(r, r, squares);
        let coefficient = l.mul(scale, r);
        for (to, row) in tos.iter_mut().zip(rows) {
            for q in 0..4 {
                to[q] = gather(l, k == 0, coefficient, row[q], to[q]);
            }
        }
        for (to, factor) in to.iter_mut().zip(row) {
            *to = gather(l, k == 0, coefficient, *factor, *to);
        }
    }
    squares
}

/// to = x - rate gradient; returns the sum of the squares of the gradient.
#[inline(always)]
fn descend<L: Lanes>(
    l: L,
    minus: L::Number,
    x: &[L::Number],
    gradient: &[L::Number],
    to: &mut [L::Number],
) -> L::Number {
    let mut sums = [l.zero(); 4];
    let (xs, x) = x.as_chunks::<4>();
    let (gs, g) = gradient.as_chunks::<4>();
    let (tos, to) = to.as_chunks_mut::<4>();
    for ((x, g), to) in xs.iter().zip(gs).zip(tos) {
        for q in 0..4 {
            sums[q] = l.fused(g[q], g[q], sums[q]);
            to[q] = l.fused(minus, g[q], x[q]);
        }
    }
    for ((x, g), to) in x.iter().zip(g).zip(to) {
        sums[0] = l.fused(*g, *g, sums[0]);
        *to = l.fused(minus, *g, *x);
    }
    l.add(l.add(sums[0], sums[1]), l.add(sums[2], sums[3]))
}

impl Layers<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> Option<usize> {
        let (widths, depth) = (self.widths, self.widths.len() - 1);
        let (columns, n) = (widths[0], self.targets.len());
        let later = widths[2..].iter().sum::<usize>() * columns;
        let dimension = self.points.len() / self.runs;
        let size = widths[depth] * columns;
        let of_noise = self.epsilon.len() / self.runs;
        let groups = groups::<L>(self.runs);
        let mut now = Lines::<L::Number>::zeros(groups.checked_mul(dimension)?)?;
        let mut next = Lines::<L::Number>::zeros(groups.checked_mul(dimension)?)?;
        let mut epsilon = Lines::<L::Number>::zeros(groups.checked_mul(of_noise)?)?;
        let mut products = Lines::<L::Number>::zeros(later)?;
        let mut backs = Lines::<L::Number>::zeros(later)?;
        let mut gradient = Lines::<L::Number>::zeros(dimension)?;
        lay::<L>(self.points, self.runs, dimension, &mut now, dimension, 0);
        lay::<L>(self.epsilon, self.runs, of_noise, &mut epsilon, of_noise, 0);
        let (minus, most) = (l.splat(-self.rate), l.splat(MOST));
        let mut taken = 0;
        while taken < self.steps {
            let mut ordinary = l.always();
            for g in 0..groups {
                let x = &now[g * dimension..][..dimension];
                forward(l, widths, x, &mut products);
                let drawn = if of_noise > 0 {
                    &epsilon[g * of_noise + taken * n..][..n]
                } else {
                    &[]
                };
                let end = &mut backs[later - size..];
                let squares = measure(l, &self, drawn, &products[later - size..], end);
                backward(l, widths, x, &products, &mut backs, &mut gradient);
                let to = &mut next[g * dimension..][..dimension];
                let length = descend(l, minus, x, &gradient, to);
                ordinary = l.both(
                    ordinary,
                    l.both(l.less(squares, most), l.less(length, most)),
                );
            }
            if !l.all(ordinary) {
                break;
            }
            std::mem::swap(&mut now, &mut next);
            taken += 1;
        }
        back::<L>(&now, dimension, 0, self.runs, dimension, self.points);
        Some(taken)
    }
}

/// The products P_j = W_j P_(j-1) from j = 2 on, with P_1 = W_1.
#[inline(always)]
fn forward<L: Lanes>(l: L, widths: &[usize], x: &[L::Number], products: &mut [L::Number]) {
    let columns = widths[0];
    let (first, mut x) = x.split_at(widths[1] * columns);
    let mut at = 0;
    for j in 2..widths.len() {
        let (k, m) = (widths[j - 1], widths[j]);
        let (before, to) = products.split_at_mut(at);
        let from = if j == 2 {
            first
        } else {
            &before[at - k * columns..]
        };
        multiply(
            l,
            [m, columns, k],
            Matrix::of(x, k),
            Matrix::of(from, columns),
            to,
        );
        x = &x[m * k..];
        at += m * columns;
    }
}

/// G_j = X_j P_(j-1)^T and G_1 = X_1, with X_(j-1) = W_j^T X_j; the X_j from 2 on lie in `backs` as the P_j in `products`.
#[inline(always)]
fn backward<L: Lanes>(
    l: L,
    widths: &[usize],
    x: &[L::Number],
    products: &[L::Number],
    backs: &mut [L::Number],
    gradient: &mut [L::Number],
) {
    let columns = widths[0];
    // the ends of the layers and of the products from j on
    let (mut end, mut at) = (x.len(), products.len());
    for j in (2..widths.len()).rev() {
        let (k, m) = (widths[j - 1], widths[j]);
        end -= m * k;
        at -= m * columns;
        let (w, size) = (Matrix::of(&x[end..], k), k * columns);
        let (before, here) = backs.split_at_mut(at);
        let here = Matrix::of(here, columns);
        let from = if j == 2 {
            &x[..size]
        } else {
            &products[at - size..]
        };
        let (rest, own) = gradient.split_at_mut(end);
        multiply(
            l,
            [m, k, columns],
            here,
            Matrix::of(from, columns).turned(),
            own,
        );
        let to = if j == 2 {
            &mut rest[..size]
        } else {
            &mut before[at - size..]
        };
        multiply(l, [k, columns, m], w.turned(), here, to);
    }
}
