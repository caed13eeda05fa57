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
    let (px, py) = if kind == Kind::Normalised {
        let signed = l.select(l.less(r, l.zero()), l.sub(l.zero(), radius), radius);
        // the quotient does not wait for the root
        let reach = l.mul(l.sqrt(squares), l.div(signed, squares));
        (l.fused(reach, y, x), l.fused(reach, x, y))
    } else {
        let reach = l.mul(radius, r);
        (l.fused(reach, y, x), l.fused(reach, x, y))
    };
    let r = l.fused(px, py, offset);
    let loss = l.mul(r, r);
    let slope = l.mul(loss, l.fused(px, px, l.mul(py, py)));
    ordinary = l.both(ordinary, l.both(l.less(slope, most), l.less(loss, most)));
    let (bx, by) = (l.mul(back, py), l.mul(back, px));
    ([l.fused(bx, r, x), l.fused(by, r, y)], ordinary)
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
