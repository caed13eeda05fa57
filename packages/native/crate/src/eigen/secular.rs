//! The secular equation 1 + rho sum z_i^2 / (d_i - lambda) = 0: the eigenvalues of diag(d) + rho z z^T, a root in each lane of a vector.
//!
//! Source: Li, "Solving secular equations stably and efficiently" (LAPACK working note 89, 1993), as in packages/numerics. Ours: a pole of no
//! weight behind the last one makes the last root one like the others.
use pulp::{Simd, WithSimd};

const EPSILON: f64 = f64::EPSILON / 2.0;
const MOST_STEPS: usize = 200;

/// More numbers than any vector has lanes: what arrays have behind their elements.
pub const PADDING: usize = 16;

/// A rank-one update: `count` poles, ascending and well separated, with weights that are not zero and whose squares add up to 1 at most, and rho > 0.
pub struct Update<'a> {
    pub count: usize,
    /// One more than `count`, and the padding, which goes on ascending.
    pub poles: &'a [f64],
    pub weights: &'a [f64],
    pub squares: &'a [f64],
    pub rho: f64,
}

impl Update<'_> {
    /// Where the pole of no weight is: the last root lies in the nearer half of the gap, also where rounding widens it.
    pub fn beyond(last: f64, rho: f64, place: usize) -> f64 {
        last + 4.0 * rho * (place + 1) as f64
    }
}

/// The roots from number `from` on, a whole number of vectors: root j is near[j] + tau[j], the first of them a pole.
pub struct Roots<'a> {
    pub update: &'a Update<'a>,
    pub from: usize,
    pub near: &'a mut [f64],
    pub tau: &'a mut [f64],
}

impl WithSimd for Roots<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let lanes = S::F64_LANES;
        let near = self.near.chunks_exact_mut(lanes);
        let tau = self.tau.chunks_exact_mut(lanes);
        for (i, (near, tau)) in near.zip(tau).enumerate() {
            let j = self.from + i * lanes;
            if j >= self.update.count {
                break;
            }
            let (pole, t) = roots(simd, self.update, j);
            S::as_mut_simd_f64s(near).0[0] = pole;
            S::as_mut_simd_f64s(tau).0[0] = t;
        }
    }
}

/// The secular function somewhere.
struct Value<S: Simd> {
    value: S::f64s,
    /// The derivatives of the parts left and right of the root.
    left: S::f64s,
    right: S::f64s,
    error: S::f64s,
}

#[inline(always)]
fn abs<S: Simd>(simd: S, x: S::f64s) -> S::f64s {
    simd.max_f64s(x, simd.sub_f64s(simd.splat_f64s(0.0), x))
}

/// The vector that begins with element i.
#[inline(always)]
fn vector<S: Simd>(from: &[f64], i: usize) -> S::f64s {
    S::as_simd_f64s(&from[i..i + S::F64_LANES]).0[0]
}

/// Numbers 0, 1, ... from `from` on.
#[inline(always)]
fn numbered<S: Simd>(from: usize) -> S::f64s {
    let mut numbers = [0.0; PADDING];
    for (i, number) in numbers.iter_mut().enumerate() {
        *number = (from + i) as f64;
    }
    vector::<S>(&numbers, 0)
}

/// At pole + tau of each lane, of which the first one has the poles up to number j to its left.
#[inline(always)]
fn evaluate<S: Simd>(
    simd: S,
    update: &Update<'_>,
    j: usize,
    root: S::f64s,
    pole: S::f64s,
    tau: S::f64s,
) -> Value<S> {
    let (count, rho) = (update.count, update.rho);
    let (poles, weights) = (&update.poles[..count], &update.weights[..count]);
    let zero = simd.splat_f64s(0.0);
    let (mut psi, mut left, mut phi, mut right, mut error) = (zero, zero, zero, zero, zero);
    let end = count.min(j + S::F64_LANES);
    for i in 0..=j {
        let z = simd.splat_f64s(weights[i]);
        let gap = simd.sub_f64s(simd.sub_f64s(simd.splat_f64s(poles[i]), pole), tau);
        let t = simd.div_f64s(z, gap);
        psi = simd.mul_add_e_f64s(z, t, psi);
        left = simd.mul_add_e_f64s(t, t, left);
        error = simd.sub_f64s(error, psi);
    }
    for i in (end..count).rev() {
        let z = simd.splat_f64s(weights[i]);
        let gap = simd.sub_f64s(simd.sub_f64s(simd.splat_f64s(poles[i]), pole), tau);
        let t = simd.div_f64s(z, gap);
        phi = simd.mul_add_e_f64s(z, t, phi);
        right = simd.mul_add_e_f64s(t, t, right);
        error = simd.add_f64s(error, phi);
    }
    for i in j + 1..end {
        // to the left of the later lanes, to the right of the earlier ones
        let is_left = simd.less_than_or_equal_f64s(simd.splat_f64s(i as f64), root);
        let z = simd.splat_f64s(weights[i]);
        let gap = simd.sub_f64s(simd.sub_f64s(simd.splat_f64s(poles[i]), pole), tau);
        let t = simd.div_f64s(z, gap);
        let (value, slope) = (simd.mul_f64s(z, t), simd.mul_f64s(t, t));
        psi = simd.add_f64s(psi, simd.select_f64s(is_left, value, zero));
        left = simd.add_f64s(left, simd.select_f64s(is_left, slope, zero));
        phi = simd.add_f64s(phi, simd.select_f64s(is_left, zero, value));
        right = simd.add_f64s(right, simd.select_f64s(is_left, zero, slope));
        error = simd.add_f64s(
            error,
            simd.select_f64s(is_left, simd.sub_f64s(zero, psi), phi),
        );
    }
    let inverse = simd.splat_f64s(1.0 / rho);
    let slope = simd.add_f64s(left, right);
    // the terms, the sums of them from the outside to the root, and the rounding of tau
    let error = simd.mul_add_e_f64s(simd.splat_f64s(8.0), simd.sub_f64s(phi, psi), error);
    let error = simd.mul_add_e_f64s(simd.splat_f64s(2.0), inverse, error);
    let error = simd.mul_add_e_f64s(abs(simd, tau), slope, error);
    Value {
        value: simd.add_f64s(simd.add_f64s(inverse, psi), phi),
        left,
        right,
        error,
    }
}

/// A root of c eta^2 - a eta + b = 0, the one closer to 0, without cancellation.
#[inline(always)]
fn smaller_root<S: Simd>(simd: S, a: S::f64s, b: S::f64s, c: S::f64s) -> S::f64s {
    let (two, four) = (simd.splat_f64s(2.0), simd.splat_f64s(4.0));
    let product = simd.mul_f64s(simd.mul_f64s(four, b), c);
    let square = simd.sub_f64s(simd.mul_f64s(a, a), product);
    let root = simd.sqrt_f64s(abs(simd, square));
    let is_negative = simd.less_than_or_equal_f64s(a, simd.splat_f64s(0.0));
    let above = simd.select_f64s(is_negative, simd.sub_f64s(a, root), simd.mul_f64s(two, b));
    let below = simd.select_f64s(is_negative, simd.mul_f64s(two, c), simd.add_f64s(a, root));
    simd.div_f64s(above, below)
}

/// A point between, halfway in scale where the ends, of one sign, differ much: roots can be tiny against the gap.
#[inline(always)]
fn inside<S: Simd>(simd: S, low: S::f64s, high: S::f64s) -> S::f64s {
    let zero = simd.splat_f64s(0.0);
    let (a, b) = (abs(simd, low), abs(simd, high));
    let (near, far) = (simd.min_f64s(a, b), simd.max_f64s(a, b));
    let sign = simd.select_f64s(
        simd.less_than_f64s(low, zero),
        simd.splat_f64s(-1.0),
        simd.splat_f64s(1.0),
    );
    let tiny = simd.mul_f64s(far, simd.splat_f64s(1.0 / 1024.0));
    let mean = simd.mul_f64s(simd.sqrt_f64s(near), simd.sqrt_f64s(far));
    let half = simd.mul_f64s(simd.add_f64s(low, high), simd.splat_f64s(0.5));
    let is_far = simd.less_than_f64s(simd.mul_f64s(simd.splat_f64s(4.0), near), far);
    let point = simd.select_f64s(is_far, simd.mul_f64s(sign, mean), half);
    simd.select_f64s(
        simd.equal_f64s(near, zero),
        simd.mul_f64s(sign, tiny),
        point,
    )
}

/// What of the secular function has not the two poles around the root, at the middle between them.
#[inline(always)]
fn rest_at_middle<S: Simd>(
    simd: S,
    update: &Update<'_>,
    j: usize,
    root: S::f64s,
    left: S::f64s,
    middle: S::f64s,
) -> S::f64s {
    let (count, rho) = (update.count, update.rho);
    let (poles, squares) = (&update.poles[..count], &update.squares[..count]);
    let mut rest = simd.splat_f64s(1.0 / rho);
    let end = count.min(j + S::F64_LANES + 1);
    for i in (0..j).chain(end..count) {
        let gap = simd.sub_f64s(simd.sub_f64s(simd.splat_f64s(poles[i]), left), middle);
        rest = simd.add_f64s(rest, simd.div_f64s(simd.splat_f64s(squares[i]), gap));
    }
    for i in j..end {
        let gap = simd.sub_f64s(simd.sub_f64s(simd.splat_f64s(poles[i]), left), middle);
        let term = simd.div_f64s(simd.splat_f64s(squares[i]), gap);
        let place = simd.sub_f64s(simd.splat_f64s(i as f64), root);
        // 0 and 1 are the poles around the root
        let distance = simd.sub_f64s(place, simd.splat_f64s(0.5));
        let is_around = simd.less_than_or_equal_f64s(abs(simd, distance), simd.splat_f64s(0.5));
        rest = simd.add_f64s(
            rest,
            simd.select_f64s(is_around, simd.splat_f64s(0.0), term),
        );
    }
    rest
}

/// The roots from number j on, each as the nearer pole and the distance from it.
#[inline(always)]
fn roots<S: Simd>(simd: S, update: &Update<'_>, j: usize) -> (S::f64s, S::f64s) {
    let lanes = S::F64_LANES;
    let zero = simd.splat_f64s(0.0);
    let (left, right) = (
        vector::<S>(update.poles, j),
        vector::<S>(update.poles, j + 1),
    );
    let (zl, zr) = (
        vector::<S>(update.squares, j),
        vector::<S>(update.squares, j + 1),
    );
    let gap = simd.sub_f64s(right, left);
    let middle = simd.mul_f64s(gap, simd.splat_f64s(0.5));
    let root = numbered::<S>(j);
    let rest = rest_at_middle(simd, update, j, root, left, middle);
    let around = simd.div_f64s(simd.sub_f64s(zr, zl), middle);
    let is_left = simd.less_than_f64s(zero, simd.add_f64s(rest, around));
    let pole = simd.select_f64s(is_left, left, right);
    let minus = simd.sub_f64s(zero, middle);
    let mut low = simd.select_f64s(is_left, zero, minus);
    let mut high = simd.select_f64s(is_left, middle, zero);
    // the root of the two terms and what the rest is at the middle: to the right of a pole by one sign, to the left by the other
    let turned = simd.select_f64s(is_left, rest, simd.sub_f64s(zero, rest));
    let a = simd.add_f64s(simd.mul_f64s(turned, gap), simd.add_f64s(zl, zr));
    let b = simd.mul_f64s(simd.select_f64s(is_left, zl, zr), gap);
    let start = smaller_root(simd, a, b, turned);
    let start = simd.select_f64s(is_left, start, simd.sub_f64s(zero, start));
    let is_inside = simd.and_m64s(
        simd.less_than_f64s(low, start),
        simd.less_than_f64s(start, high),
    );
    let mut t = simd.select_f64s(is_inside, start, inside(simd, low, high));

    let mut moves = simd.less_than_f64s(root, simd.splat_f64s(update.count as f64));
    let mut fixed = simd.less_than_or_equal_f64s(zero, zero);
    let mut previous = simd.splat_f64s(f64::INFINITY);
    for _ in 0..MOST_STEPS {
        let here = evaluate(simd, update, j, root, pole, t);
        let w = here.value;
        let size = abs(simd, w);
        let limit = simd.mul_f64s(simd.splat_f64s(EPSILON), here.error);
        // what is no number moves no further
        moves = simd.and_m64s(moves, simd.less_than_f64s(limit, size));
        if simd.first_true_m64s(moves) >= lanes {
            break;
        }
        let is_below = simd.less_than_f64s(w, zero);
        low = simd.select_f64s(is_below, t, low);
        high = simd.select_f64s(is_below, high, t);
        let is_slow = simd.less_than_f64s(simd.mul_f64s(previous, simd.splat_f64s(0.1)), size);
        fixed = simd.xor_m64s(fixed, is_slow);
        previous = size;
        let next = simd.add_f64s(
            t,
            step(
                simd,
                &here,
                fixed,
                is_left,
                [left, right, zl, zr, gap],
                pole,
                t,
            ),
        );
        let is_inside = simd.and_m64s(
            simd.less_than_f64s(low, next),
            simd.less_than_f64s(next, high),
        );
        // A step that leaves the bracket, or no longer moves, is replaced or ends the search.
        let half = inside(simd, low, high);
        let is_half = simd.and_m64s(
            simd.less_than_f64s(low, half),
            simd.less_than_f64s(half, high),
        );
        let next = simd.select_f64s(is_inside, next, half);
        let is_next = simd.or_m64s(is_inside, is_half);
        let is_other = simd.not_m64s(simd.equal_f64s(next, t));
        moves = simd.and_m64s(moves, simd.and_m64s(is_next, is_other));
        t = simd.select_f64s(moves, next, t);
    }
    (pole, t)
}

/// The step to the root of a rational function with the two poles that has the value and the slope.
#[inline(always)]
fn step<S: Simd>(
    simd: S,
    here: &Value<S>,
    fixed: S::m64s,
    is_left: S::m64s,
    [left, right, zl, zr, gap]: [S::f64s; 5],
    pole: S::f64s,
    t: S::f64s,
) -> S::f64s {
    let zero = simd.splat_f64s(0.0);
    let w = here.value;
    let to_left = simd.sub_f64s(simd.sub_f64s(left, pole), t);
    let to_right = simd.sub_f64s(simd.sub_f64s(right, pole), t);
    let slope = simd.add_f64s(here.left, here.right);
    // the weight of the nearer pole as it is, and the other one for the rest
    let far = simd.select_f64s(is_left, to_right, to_left);
    let near = simd.select_f64s(is_left, to_left, to_right);
    let signed = simd.select_f64s(is_left, gap, simd.sub_f64s(zero, gap));
    let weight = simd.div_f64s(simd.select_f64s(is_left, zl, zr), simd.mul_f64s(near, near));
    let one = simd.sub_f64s(w, simd.mul_f64s(far, slope));
    let one = simd.mul_add_e_f64s(signed, weight, one);
    // or both weights from the slopes of the two parts
    let both = simd.sub_f64s(w, simd.mul_f64s(to_left, here.left));
    let both = simd.sub_f64s(both, simd.mul_f64s(to_right, here.right));
    let c = simd.select_f64s(fixed, one, both);
    let product = simd.mul_f64s(to_left, to_right);
    let a = simd.sub_f64s(
        simd.mul_f64s(simd.add_f64s(to_left, to_right), w),
        simd.mul_f64s(product, slope),
    );
    let b = simd.mul_f64s(product, w);
    let eta = smaller_root(simd, a, b, c);
    let is_right = simd.less_than_f64s(simd.mul_f64s(w, eta), zero);
    let newton = simd.div_f64s(simd.sub_f64s(zero, w), slope);
    simd.select_f64s(is_right, eta, newton)
}
