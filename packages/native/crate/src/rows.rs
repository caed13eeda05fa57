//! Passes over R rows of one length at once: each element of the vectors is loaded once for all of them.
use crate::real::Real;
use pulp::Simd;

/// The inner product of two slices of one length, in eight sums.
#[inline(always)]
pub fn dot<T: Real, S: Simd>(simd: S, x: &[T], y: &[T]) -> T {
    let (xs, x_rest) = T::vectors::<S>(x);
    let (ys, y_rest) = T::vectors::<S>(y);
    let mut sums = [T::splat(simd, T::default()); 8];
    let (x_blocks, x_last) = xs.as_chunks::<8>();
    let (y_blocks, y_last) = ys.as_chunks::<8>();
    for (x, y) in x_blocks.iter().zip(y_blocks) {
        for (sum, (&x, &y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum = T::multiply_add(simd, x, y, *sum);
        }
    }
    for (sum, (&x, &y)) in sums.iter_mut().zip(x_last.iter().zip(y_last)) {
        *sum = T::multiply_add(simd, x, y, *sum);
    }
    if !x_rest.is_empty() {
        sums[7] = T::multiply_add(simd, T::load(simd, x_rest), T::load(simd, y_rest), sums[7]);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let plus = |a, b| T::plus(simd, a, b);
    T::sum(
        simd,
        plus(plus(plus(a, b), plus(c, d)), plus(plus(e, f), plus(g, h))),
    )
}

/// y += alpha x.
#[inline(always)]
pub fn add<T: Real, S: Simd>(simd: S, alpha: T, x: &[T], y: &mut [T]) {
    combine(simd, [x], [alpha], y);
}

/// The inner products of R rows with x.
#[inline(always)]
pub fn dots<T: Real, S: Simd, const R: usize>(simd: S, rows: [&[T]; R], x: &[T]) -> [T; R] {
    let (xs, x_rest) = T::vectors::<S>(x);
    let parts = rows.map(|row| T::vectors::<S>(&row[..x.len()]));
    let mut sums = [T::splat(simd, T::default()); R];
    for (j, &xj) in xs.iter().enumerate() {
        for r in 0..R {
            // SAFETY: each row has as many elements as x
            let a = unsafe { *parts[r].0.get_unchecked(j) };
            sums[r] = T::multiply_add(simd, a, xj, sums[r]);
        }
    }
    if !x_rest.is_empty() {
        let xj = T::load(simd, x_rest);
        for r in 0..R {
            sums[r] = T::multiply_add(simd, T::load(simd, parts[r].1), xj, sums[r]);
        }
    }
    sums.map(|sum| T::sum(simd, sum))
}

/// y += the sum of c_r times row r.
#[inline(always)]
pub fn combine<T: Real, S: Simd, const R: usize>(simd: S, rows: [&[T]; R], c: [T; R], y: &mut [T]) {
    let parts = rows.map(|row| T::vectors::<S>(&row[..y.len()]));
    let factors = c.map(|c| T::splat(simd, c));
    let (ys, y_rest) = T::vectors_mut::<S>(y);
    for (j, yj) in ys.iter_mut().enumerate() {
        let mut sum = *yj;
        for r in 0..R {
            // SAFETY: each row has as many elements as y
            let a = unsafe { *parts[r].0.get_unchecked(j) };
            sum = T::multiply_add(simd, a, factors[r], sum);
        }
        *yj = sum;
    }
    if !y_rest.is_empty() {
        let mut sum = T::load(simd, y_rest);
        for r in 0..R {
            sum = T::multiply_add(simd, T::load(simd, parts[r].1), factors[r], sum);
        }
        T::store(simd, y_rest, sum);
    }
}

/// Both in one pass over the rows: y += the sum of u_r times row r, and the inner products of the rows with x.
#[inline(always)]
pub fn both<T: Real, S: Simd, const R: usize>(
    simd: S,
    rows: [&[T]; R],
    x: &[T],
    u: [T; R],
    y: &mut [T],
) -> [T; R] {
    let parts = rows.map(|row| T::vectors::<S>(&row[..x.len()]));
    let factors = u.map(|u| T::splat(simd, u));
    let (xs, x_rest) = T::vectors::<S>(x);
    let (ys, y_rest) = T::vectors_mut::<S>(&mut y[..x.len()]);
    let mut sums = [T::splat(simd, T::default()); R];
    for (j, (&xj, yj)) in xs.iter().zip(ys).enumerate() {
        let mut sum = *yj;
        for r in 0..R {
            // SAFETY: each row has as many elements as x
            let a = unsafe { *parts[r].0.get_unchecked(j) };
            sums[r] = T::multiply_add(simd, a, xj, sums[r]);
            sum = T::multiply_add(simd, a, factors[r], sum);
        }
        *yj = sum;
    }
    if !x_rest.is_empty() {
        let xj = T::load(simd, x_rest);
        let mut sum = T::load(simd, y_rest);
        for r in 0..R {
            let a = T::load(simd, parts[r].1);
            sums[r] = T::multiply_add(simd, a, xj, sums[r]);
            sum = T::multiply_add(simd, a, factors[r], sum);
        }
        T::store(simd, y_rest, sum);
    }
    sums.map(|sum| T::sum(simd, sum))
}
