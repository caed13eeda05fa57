//! Passes over R rows of one length at once: each element of the vectors is loaded once for all of them.
//!
//! Loops over R are written out, without closures: what is not part of the function itself is compiled for any processor.
use crate::real::Real;
use pulp::Simd;

/// How many elements a vector has.
#[inline(always)]
fn lanes<T: Real, S: Simd>() -> usize {
    size_of::<T::Vector<S>>() / size_of::<T>()
}

/// Vector j of what begins at `at`.
///
/// # Safety
/// It lies within what can be read.
#[inline(always)]
unsafe fn vector<T: Real, S: Simd>(at: *const T, j: usize) -> T::Vector<S> {
    unsafe { at.cast::<T::Vector<S>>().add(j).read_unaligned() }
}

/// # Safety
/// Vector j of what begins at `at` lies within what can be written.
#[inline(always)]
unsafe fn put<T: Real, S: Simd>(at: *mut T, j: usize, value: T::Vector<S>) {
    unsafe { at.cast::<T::Vector<S>>().add(j).write_unaligned(value) }
}

/// How many bytes ahead a line is asked for: lines come in the order of the rows, and more of them are under way than the processor looks ahead for.
#[cfg(target_arch = "x86_64")]
const DISTANCE: usize = 512;

/// Asks for the line that lies ahead of what begins at `at`, which may be past the end.
#[inline(always)]
fn ask_ahead<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: it reads nothing
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast::<i8>().wrapping_add(DISTANCE)) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// Where the rows begin. Each has to have `length` elements.
#[inline(always)]
fn starts<T, const R: usize>(rows: &[&[T]; R], length: usize) -> [*const T; R] {
    let mut starts = [std::ptr::null(); R];
    for r in 0..R {
        assert!(rows[r].len() >= length);
        starts[r] = rows[r].as_ptr();
    }
    starts
}

/// The inner product of two slices of one length, in eight sums.
#[inline(always)]
pub fn dot<T: Real, S: Simd>(simd: S, x: &[T], y: &[T]) -> T {
    assert!(y.len() >= x.len());
    let (vectors, rest) = (x.len() / lanes::<T, S>(), x.len() % lanes::<T, S>());
    let (x, y) = (x.as_ptr(), y.as_ptr());
    let mut sums = [T::splat(simd, T::default()); 8];
    // SAFETY: both have as many elements as x
    unsafe {
        let whole = vectors - vectors % 8;
        for j in (0..whole).step_by(8) {
            for r in 0..8 {
                sums[r] = T::multiply_add(
                    simd,
                    vector::<T, S>(x, j + r),
                    vector::<T, S>(y, j + r),
                    sums[r],
                );
            }
        }
        for j in whole..vectors {
            sums[0] = T::multiply_add(simd, vector::<T, S>(x, j), vector::<T, S>(y, j), sums[0]);
        }
        if rest > 0 {
            let (mask, at) = (T::mask(simd, rest), vectors * lanes::<T, S>());
            let (x, y) = (
                T::load(simd, mask, x.add(at)),
                T::load(simd, mask, y.add(at)),
            );
            sums[7] = T::multiply_add(simd, x, y, sums[7]);
        }
    }
    for width in [4, 2, 1] {
        for r in 0..width {
            sums[r] = T::plus(simd, sums[r], sums[r + width]);
        }
    }
    T::sum(simd, sums[0])
}

/// y += alpha x.
#[inline(always)]
pub fn add<T: Real, S: Simd>(simd: S, alpha: T, x: &[T], y: &mut [T]) {
    combine::<T, S, 1, false>(simd, [x], [alpha], y);
}

/// The inner products of R rows with x. `FAR`: the rows lie beyond the caches.
#[inline(always)]
pub fn dots<T: Real, S: Simd, const R: usize, const FAR: bool>(
    simd: S,
    rows: [&[T]; R],
    x: &[T],
) -> [T; R] {
    let a = starts(&rows, x.len());
    let (vectors, rest) = (x.len() / lanes::<T, S>(), x.len() % lanes::<T, S>());
    let x = x.as_ptr();
    let mut sums = [T::splat(simd, T::default()); R];
    // SAFETY: each row has as many elements as x
    unsafe {
        for j in 0..vectors {
            let xj = vector::<T, S>(x, j);
            for r in 0..R {
                if FAR {
                    ask_ahead(a[r].cast::<T::Vector<S>>().add(j));
                }
                sums[r] = T::multiply_add(simd, vector::<T, S>(a[r], j), xj, sums[r]);
            }
        }
        if rest > 0 {
            let (mask, at) = (T::mask(simd, rest), vectors * lanes::<T, S>());
            let xj = T::load(simd, mask, x.add(at));
            for r in 0..R {
                let aj = T::load(simd, mask, a[r].add(at));
                sums[r] = T::multiply_add(simd, aj, xj, sums[r]);
            }
        }
    }
    totals(simd, sums)
}

/// The sums over the lanes.
#[inline(always)]
fn totals<T: Real, S: Simd, const R: usize>(simd: S, sums: [T::Vector<S>; R]) -> [T; R] {
    let mut totals = [T::default(); R];
    for r in 0..R {
        totals[r] = T::sum(simd, sums[r]);
    }
    totals
}

/// y += the sum of c_r times row r. `FAR`: the rows lie beyond the caches.
#[inline(always)]
pub fn combine<T: Real, S: Simd, const R: usize, const FAR: bool>(
    simd: S,
    rows: [&[T]; R],
    c: [T; R],
    y: &mut [T],
) {
    let a = starts(&rows, y.len());
    let (vectors, rest) = (y.len() / lanes::<T, S>(), y.len() % lanes::<T, S>());
    let y = y.as_mut_ptr();
    let mut factors = [T::splat(simd, T::default()); R];
    for r in 0..R {
        factors[r] = T::splat(simd, c[r]);
    }
    // SAFETY: each row has as many elements as y
    unsafe {
        for j in 0..vectors {
            let mut yj = vector::<T, S>(y, j);
            for r in 0..R {
                if FAR {
                    ask_ahead(a[r].cast::<T::Vector<S>>().add(j));
                }
                yj = T::multiply_add(simd, vector::<T, S>(a[r], j), factors[r], yj);
            }
            put::<T, S>(y, j, yj);
        }
        if rest > 0 {
            let (mask, at) = (T::mask(simd, rest), vectors * lanes::<T, S>());
            let mut yj = T::load(simd, mask, y.add(at));
            for r in 0..R {
                yj = T::multiply_add(simd, T::load(simd, mask, a[r].add(at)), factors[r], yj);
            }
            T::store(simd, mask, y.add(at), yj);
        }
    }
}

/// Both in one pass over the rows: y += the sum of u_r times row r, and the inner products of the rows with x. Where y ends before x, which it does
/// after full vectors, the sum ends with it.
#[inline(always)]
pub fn both<T: Real, S: Simd, const R: usize>(
    simd: S,
    rows: [&[T]; R],
    x: &[T],
    u: [T; R],
    y: &mut [T],
) -> [T; R] {
    let a = starts(&rows, x.len());
    let shared = y.len().min(x.len());
    let (vectors, rest) = (shared / lanes::<T, S>(), shared % lanes::<T, S>());
    let beyond = (x.len() - shared) / lanes::<T, S>();
    assert!(beyond == 0 && shared == x.len() || (rest == 0 && x.len() % lanes::<T, S>() == 0));
    let (x, y) = (x.as_ptr(), y.as_mut_ptr());
    let mut factors = [T::splat(simd, T::default()); R];
    for r in 0..R {
        factors[r] = T::splat(simd, u[r]);
    }
    let mut sums = [T::splat(simd, T::default()); R];
    // SAFETY: each row has as many elements as x, and y as many as are shared
    unsafe {
        for j in 0..vectors {
            let xj = vector::<T, S>(x, j);
            let mut yj = vector::<T, S>(y, j);
            for r in 0..R {
                let aj = vector::<T, S>(a[r], j);
                sums[r] = T::multiply_add(simd, aj, xj, sums[r]);
                yj = T::multiply_add(simd, aj, factors[r], yj);
            }
            put::<T, S>(y, j, yj);
        }
        for j in vectors..vectors + beyond {
            let xj = vector::<T, S>(x, j);
            for r in 0..R {
                sums[r] = T::multiply_add(simd, vector::<T, S>(a[r], j), xj, sums[r]);
            }
        }
        if rest > 0 {
            let (mask, at) = (T::mask(simd, rest), vectors * lanes::<T, S>());
            let xj = T::load(simd, mask, x.add(at));
            let mut yj = T::load(simd, mask, y.add(at));
            for r in 0..R {
                let aj = T::load(simd, mask, a[r].add(at));
                sums[r] = T::multiply_add(simd, aj, xj, sums[r]);
                yj = T::multiply_add(simd, aj, factors[r], yj);
            }
            T::store(simd, mask, y.add(at), yj);
        }
    }
    totals(simd, sums)
}
