//! How far a point may be from a solution: the residual of the variational inequality at z, `max over z' of V(z)^T (z - z')`.
use super::lanes::Lanes;
use super::monotone::Steps;
use super::padded::Part;
use super::sets::{LEAST, Set, squares};
use pulp::Simd;

/// Whether the root of a sum of squares has all its digits.
fn is_safe(squares: f64) -> bool {
    (LEAST..f64::INFINITY).contains(&squares)
}

/// The largest inner product of a point of the set with -v, of each run; no number where squares overflow or lose their digits.
#[inline(always)]
fn support<L: Lanes>(l: L, set: Set, v: &[L::Number]) -> L::Number {
    match set {
        Set::Whole => l.splat(f64::NAN),
        Set::Ball(extent) => {
            let sum = squares(l, v);
            let from = l.at_most(l.splat(LEAST), sum);
            let safe = l.both(from, l.less(sum, l.splat(f64::INFINITY)));
            let length = l.mul(l.splat(extent), l.sqrt(sum));
            l.select(safe, length, l.splat(f64::NAN))
        }
        Set::Simplex(extent) => {
            let mut top = l.splat(f64::NEG_INFINITY);
            for value in v {
                top = l.max(top, l.sub(l.zero(), *value));
            }
            l.mul(l.splat(extent), top)
        }
    }
}

/// The residual at z of each run, whose answer there is `answer`.
#[inline(always)]
pub fn violation<L: Lanes>(
    l: L,
    steps: &Steps,
    answer: &[L::Number],
    z: &[L::Number],
) -> L::Number {
    let (first, second) = answer.split_at(steps.rows);
    let [min, max] = steps.sets;
    let mut sum = l.zero();
    for (answer, z) in answer.iter().zip(z) {
        sum = l.fused(*answer, *z, sum);
    }
    l.add(sum, l.add(support(l, min, first), support(l, max, second)))
}

/// As `support`, of a player whose coordinates are in the lanes; `holes` is 0, and -infinity where there is none.
#[inline(always)]
pub fn support_of<S: Simd, const P: usize>(
    simd: S,
    set: Set,
    v: &Part<S, P>,
    holes: &Part<S, P>,
) -> f64 {
    match set {
        Set::Whole => f64::NAN,
        Set::Ball(extent) => {
            let mut sums = simd.mul_f64s(v[0], v[0]);
            for value in &v[1..] {
                sums = simd.mul_add_e_f64s(*value, *value, sums);
            }
            let sum = simd.reduce_sum_f64s(sums);
            if is_safe(sum) {
                extent * sum.sqrt()
            } else {
                f64::NAN
            }
        }
        Set::Simplex(extent) => {
            let mut tops = simd.splat_f64s(f64::NEG_INFINITY);
            for k in 0..P {
                tops = simd.max_f64s(tops, simd.sub_f64s(holes[k], v[k]));
            }
            extent * simd.reduce_max_f64s(tops)
        }
    }
}
