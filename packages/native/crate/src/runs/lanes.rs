//! Arithmetic on the numbers of one run, or of as many runs as a vector has lanes.
//!
//! Functions are always part of what calls them, and call no closures, nor `abs` and `neg` of pulp: what is not part of its caller is compiled for any processor.
use pulp::Simd;
use pulp::bytemuck::{Pod, cast_slice, cast_slice_mut};

pub trait Lanes: Copy {
    /// A number of each run.
    type Number: Pod;
    /// Whether something holds, of each run.
    type Truth: Copy;
    /// Runs at once.
    const COUNT: usize;
    fn splat(self, value: f64) -> Self::Number;
    fn add(self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn sub(self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn mul(self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn div(self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// a b + c, rounded once or twice.
    fn fused(self, a: Self::Number, b: Self::Number, c: Self::Number) -> Self::Number;
    fn sqrt(self, a: Self::Number) -> Self::Number;
    fn max(self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn min(self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn less(self, a: Self::Number, b: Self::Number) -> Self::Truth;
    fn at_most(self, a: Self::Number, b: Self::Number) -> Self::Truth;
    fn same(self, a: Self::Number, b: Self::Number) -> Self::Truth;
    fn both(self, a: Self::Truth, b: Self::Truth) -> Self::Truth;
    fn not(self, a: Self::Truth) -> Self::Truth;
    fn select(self, which: Self::Truth, yes: Self::Number, no: Self::Number) -> Self::Number;
    fn any(self, a: Self::Truth) -> bool;
    #[inline(always)]
    fn zero(self) -> Self::Number {
        self.splat(0.0)
    }
    #[inline(always)]
    fn always(self) -> Self::Truth {
        self.same(self.zero(), self.zero())
    }
    #[inline(always)]
    fn all(self, a: Self::Truth) -> bool {
        !self.any(self.not(a))
    }
}

/// One run, on single numbers. `FUSED`: the processor has multiply-adds.
#[derive(Clone, Copy)]
pub struct One<const FUSED: bool>;

impl<const FUSED: bool> Lanes for One<FUSED> {
    type Number = f64;
    type Truth = bool;
    const COUNT: usize = 1;
    #[inline(always)]
    fn splat(self, value: f64) -> f64 {
        value
    }
    #[inline(always)]
    fn add(self, a: f64, b: f64) -> f64 {
        a + b
    }
    #[inline(always)]
    fn sub(self, a: f64, b: f64) -> f64 {
        a - b
    }
    #[inline(always)]
    fn mul(self, a: f64, b: f64) -> f64 {
        a * b
    }
    #[inline(always)]
    fn div(self, a: f64, b: f64) -> f64 {
        a / b
    }
    #[inline(always)]
    fn fused(self, a: f64, b: f64, c: f64) -> f64 {
        if FUSED { a.mul_add(b, c) } else { a * b + c }
    }
    #[inline(always)]
    fn sqrt(self, a: f64) -> f64 {
        a.sqrt()
    }
    #[inline(always)]
    fn max(self, a: f64, b: f64) -> f64 {
        if a > b { a } else { b }
    }
    #[inline(always)]
    fn min(self, a: f64, b: f64) -> f64 {
        if a < b { a } else { b }
    }
    #[inline(always)]
    fn less(self, a: f64, b: f64) -> bool {
        a < b
    }
    #[inline(always)]
    fn at_most(self, a: f64, b: f64) -> bool {
        a <= b
    }
    #[inline(always)]
    fn same(self, a: f64, b: f64) -> bool {
        a == b
    }
    #[inline(always)]
    fn both(self, a: bool, b: bool) -> bool {
        a & b
    }
    #[inline(always)]
    fn not(self, a: bool) -> bool {
        !a
    }
    #[inline(always)]
    fn select(self, which: bool, yes: f64, no: f64) -> f64 {
        if which { yes } else { no }
    }
    #[inline(always)]
    fn any(self, a: bool) -> bool {
        a
    }
}

/// As many runs as a vector has lanes.
#[derive(Clone, Copy)]
pub struct Many<S>(pub S);

impl<S: Simd> Lanes for Many<S> {
    type Number = S::f64s;
    type Truth = S::m64s;
    const COUNT: usize = S::F64_LANES;
    #[inline(always)]
    fn splat(self, value: f64) -> S::f64s {
        self.0.splat_f64s(value)
    }
    #[inline(always)]
    fn add(self, a: S::f64s, b: S::f64s) -> S::f64s {
        self.0.add_f64s(a, b)
    }
    #[inline(always)]
    fn sub(self, a: S::f64s, b: S::f64s) -> S::f64s {
        self.0.sub_f64s(a, b)
    }
    #[inline(always)]
    fn mul(self, a: S::f64s, b: S::f64s) -> S::f64s {
        self.0.mul_f64s(a, b)
    }
    #[inline(always)]
    fn div(self, a: S::f64s, b: S::f64s) -> S::f64s {
        self.0.div_f64s(a, b)
    }
    #[inline(always)]
    fn fused(self, a: S::f64s, b: S::f64s, c: S::f64s) -> S::f64s {
        self.0.mul_add_e_f64s(a, b, c)
    }
    #[inline(always)]
    fn sqrt(self, a: S::f64s) -> S::f64s {
        self.0.sqrt_f64s(a)
    }
    #[inline(always)]
    fn max(self, a: S::f64s, b: S::f64s) -> S::f64s {
        self.0.max_f64s(a, b)
    }
    #[inline(always)]
    fn min(self, a: S::f64s, b: S::f64s) -> S::f64s {
        self.0.min_f64s(a, b)
    }
    #[inline(always)]
    fn less(self, a: S::f64s, b: S::f64s) -> S::m64s {
        self.0.less_than_f64s(a, b)
    }
    #[inline(always)]
    fn at_most(self, a: S::f64s, b: S::f64s) -> S::m64s {
        self.0.less_than_or_equal_f64s(a, b)
    }
    #[inline(always)]
    fn same(self, a: S::f64s, b: S::f64s) -> S::m64s {
        self.0.equal_f64s(a, b)
    }
    #[inline(always)]
    fn both(self, a: S::m64s, b: S::m64s) -> S::m64s {
        self.0.and_m64s(a, b)
    }
    #[inline(always)]
    fn not(self, a: S::m64s) -> S::m64s {
        self.0.not_m64s(a)
    }
    #[inline(always)]
    fn select(self, which: S::m64s, yes: S::f64s, no: S::f64s) -> S::f64s {
        self.0.select_f64s(which, yes, no)
    }
    #[inline(always)]
    fn any(self, a: S::m64s) -> bool {
        self.0.first_true_m64s(a) < S::F64_LANES
    }
}

/// How many groups of runs there are, each in the lanes of a vector.
pub fn groups<L: Lanes>(runs: usize) -> usize {
    runs.div_ceil(L::COUNT)
}

/// Lays parts of `size` numbers of each run, one run after the other, beside each other: `pitch` numbers from one group of runs to the next, from number `at` on.
/// The last run stands in for those that the last group lacks.
pub fn lay<L: Lanes>(
    from: &[f64],
    runs: usize,
    size: usize,
    to: &mut [L::Number],
    pitch: usize,
    at: usize,
) {
    let to: &mut [f64] = cast_slice_mut(to);
    for lane in 0..groups::<L>(runs) * L::COUNT {
        let run = &from[lane.min(runs - 1) * size..][..size];
        let first = (lane / L::COUNT * pitch + at) * L::COUNT + lane % L::COUNT;
        for (i, value) in run.iter().enumerate() {
            to[first + i * L::COUNT] = *value;
        }
    }
}

/// Brings the parts back.
pub fn back<L: Lanes>(
    from: &[L::Number],
    pitch: usize,
    at: usize,
    runs: usize,
    size: usize,
    to: &mut [f64],
) {
    let from: &[f64] = cast_slice(from);
    for lane in 0..runs {
        let first = (lane / L::COUNT * pitch + at) * L::COUNT + lane % L::COUNT;
        for (i, value) in to[lane * size..][..size].iter_mut().enumerate() {
            *value = from[first + i * L::COUNT];
        }
    }
}
