//! Whole runs of SAM, of its variant without norm and of gradient descent on (x y - target)^2 / 2.
use super::lanes::{Lanes, Many, One, back, groups, lay};
use super::sets::LEAST;
use crate::lines::Lines;
use pulp::{Simd, WithSimd};

/// Where a step takes its gradient, as `Perturbing` has it.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    None,
    Normalised,
    Unnormalised,
}

/// Sums of squares up to which nothing overflows.
const MOST: f64 = 1e300;

/// Runs one after the other, x and y of each.
pub struct Products<'a> {
    pub kind: Kind,
    pub steps: usize,
    pub rate: f64,
    pub radius: f64,
    pub target: f64,
    pub points: &'a mut [f64],
}

impl WithSimd for Products<'_> {
    /// How many steps; None where there is no memory.
    type Output = Option<usize>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        if self.points.len() > 2 {
            self.several(Many(simd))
        } else if S::IS_SCALAR {
            Some(self.single(One::<false>))
        } else {
            Some(self.single(One::<true>))
        }
    }
}

/// A step by the gradient at the perturbed point, which is `slope (py, px)`, and where it is ordinary. `rated` is the slope times the rate, downhill.
#[inline(always)]
fn moved<L: Lanes>(
    l: L,
    [slope, rated]: [L::Number; 2],
    [px, py]: [L::Number; 2],
    [x, y]: [L::Number; 2],
) -> ([L::Number; 2], L::Truth) {
    let most = l.splat(MOST);
    let loss = l.mul(slope, slope);
    let square = l.mul(loss, l.fused(px, px, l.mul(py, py)));
    let ordinary = l.both(l.less(square, most), l.less(loss, most));
    ([l.fused(rated, py, x), l.fused(rated, px, y)], ordinary)
}

/// The next point, and where the step to it is ordinary. The gradient is `r (y, x)`, so its direction does not wait for r, and only the sign of that matters.
#[inline(always)]
fn step<L: Lanes>(
    l: L,
    kind: Kind,
    numbers: [L::Number; 3],
    [x, y]: [L::Number; 2],
) -> ([L::Number; 2], L::Truth) {
    let [back, radius, offset] = numbers;
    let most = l.splat(MOST);
    let squares = l.fused(x, x, l.mul(y, y));
    let r = l.fused(x, y, offset);
    let loss = l.mul(r, r);
    let slope = l.mul(loss, squares);
    let low = l.splat(if kind == Kind::Normalised { LEAST } else { 0.0 });
    let mut ordinary = l.both(l.at_most(low, slope), l.less(slope, most));
    ordinary = l.both(ordinary, l.less(loss, most));
    if kind == Kind::None {
        let rated = l.mul(back, r);
        return ([l.fused(rated, y, x), l.fused(rated, x, y)], ordinary);
    }
    let (next, is_ordinary) = if kind == Kind::Normalised {
        // with the length q of (x, y), which takes longest, all that is asked is linear in q: at (x, y) + reach (y, x) / q the residual is
        // r + reach q + reach^2 x y / q^2
        let length = l.sqrt(squares);
        let inverse = l.div(l.splat(1.0), squares);
        let reach = l.select(l.less(r, l.zero()), l.sub(l.zero(), radius), radius);
        let rest = l.fused(l.mul(l.mul(radius, radius), l.mul(x, y)), inverse, r);
        let [toward_x, toward_y] = [
            l.mul(l.mul(reach, y), inverse),
            l.mul(l.mul(reach, x), inverse),
        ];
        let slope = l.fused(reach, length, rest);
        let rated = l.fused(l.mul(back, reach), length, l.mul(back, rest));
        let perturbed = [l.fused(toward_x, length, x), l.fused(toward_y, length, y)];
        moved(l, [slope, rated], perturbed, [x, y])
    } else {
        let reach = l.mul(radius, r);
        let [px, py] = [l.fused(reach, y, x), l.fused(reach, x, y)];
        let slope = l.fused(px, py, offset);
        moved(l, [slope, l.mul(back, slope)], [px, py], [x, y])
    };
    (next, l.both(ordinary, is_ordinary))
}

impl Products<'_> {
    #[inline(always)]
    fn numbers<L: Lanes>(&self, l: L) -> [L::Number; 3] {
        [
            l.splat(-self.rate),
            l.splat(self.radius),
            l.splat(-self.target),
        ]
    }

    /// A point that stays in registers.
    #[inline(always)]
    fn single<L: Lanes<Number = f64>>(self, l: L) -> usize {
        let numbers = self.numbers(l);
        let mut point = [self.points[0], self.points[1]];
        let mut taken = 0;
        while taken < self.steps {
            let (next, ordinary) = step(l, self.kind, numbers, point);
            if !l.all(ordinary) {
                break;
            }
            point = next;
            taken += 1;
        }
        self.points.copy_from_slice(&point);
        taken
    }

    #[inline(always)]
    fn several<L: Lanes>(self, l: L) -> Option<usize> {
        let numbers = self.numbers(l);
        let runs = self.points.len() / 2;
        let groups = groups::<L>(runs);
        let mut now = Lines::<L::Number>::zeros(2 * groups)?;
        let mut next = Lines::<L::Number>::zeros(2 * groups)?;
        lay::<L>(self.points, runs, 2, &mut now, 2, 0);
        let mut taken = 0;
        while taken < self.steps {
            let mut ordinary = l.always();
            for g in 0..groups {
                let (moved, is_ordinary) =
                    step(l, self.kind, numbers, [now[2 * g], now[2 * g + 1]]);
                ordinary = l.both(ordinary, is_ordinary);
                [next[2 * g], next[2 * g + 1]] = moved;
            }
            if !l.all(ordinary) {
                break;
            }
            std::mem::swap(&mut now, &mut next);
            taken += 1;
        }
        back::<L>(&now, 2, 0, runs, 2, self.points);
        Some(taken)
    }
}
