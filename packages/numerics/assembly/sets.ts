/** Projections onto balls and simplexes, two points in the lanes of a vector: the twins of those in `reference/Monotone.ts`. */
import { at, multiplyAdd, zero } from "./simd"

/** Coordinates up to which nothing overflows. */
const most: f64 = 1e300

/** Squares of what lies in a ball of at least this radius lose nothing that its projection sees; in a smaller one sums of them must be so large. */
const leastRadius: f64 = 1e-140
const least: f64 = 1.0020841800044864e-292

const ball: i32 = 1
export const simplex: i32 = 2

/** The sum of the squares of a block. */
@inline
function squares(from: usize, end: usize): v128 {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
  let p = from
  for (const whole = from + ((end - from) & ~63); p < whole; p += 64) {
    s0 = multiplyAdd(at(p), at(p), s0)
    s1 = multiplyAdd(v128.load(p, 16), v128.load(p, 16), s1)
    s2 = multiplyAdd(v128.load(p, 32), v128.load(p, 32), s2)
    s3 = multiplyAdd(v128.load(p, 48), v128.load(p, 48), s3)
  }
  for (; p < end; p += 16) s0 = multiplyAdd(at(p), at(p), s0)
  return f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
}

/** Scales into the ball; ones in the lanes where squares neither overflow nor lose their digits. */
@inline
function intoBall(from: usize, end: usize, extent: f64): v128 {
  const radius = f64x2.splat(extent)
  const sum = squares(from, end)
  const length = f64x2.sqrt(sum)
  const outside = f64x2.gt(length, radius)
  if (v128.any_true(outside)) {
    const scale = f64x2.div(radius, length)
    for (let p = from; p < end; p += 16) v128.store(p, v128.bitselect(f64x2.mul(at(p), scale), at(p), outside))
  }
  const low = f64x2.splat(extent < leastRadius ? least : 0)
  return v128.and(f64x2.ge(sum, low), f64x2.lt(sum, f64x2.splat(Infinity)))
}

/** Ones in the lanes whose numbers are all small enough. */
@inline
function within(from: usize, end: usize): v128 {
  let ordinary = i64x2.splat(-1)
  for (let p = from; p < end; p += 16) ordinary = v128.and(ordinary, f64x2.lt(f64x2.abs(at(p)), f64x2.splat(most)))
  return ordinary
}

/** Before the rounds of a projection onto a simplex, as `FeasibleSet.simplex` has them: no threshold yet, and a count that every other is below. */
@inline
function beginSimplex(from: usize, end: usize, found: usize): v128 {
  const isOrdinary = within(from, end)
  let top = f64x2.splat(-Infinity)
  // which zero is the largest tells in no answer
  for (let p = from; p < end; p += 16) top = f64x2.pmax(top, at(p))
  for (let p = from; p < end; p += 16) v128.store(p, f64x2.sub(at(p), top))
  v128.store(found, f64x2.splat(-Infinity))
  v128.store(found, f64x2.splat(<f64>((end - from) >> 4) + 1), 16)
  v128.store(found, i64x2.splat(-1), 32)
  return isOrdinary
}

/** A round: ones in the lanes that are not done; one that is finds the same threshold again. */
@inline
export function goOn(from: usize, end: usize, extent: f64, found: usize): v128 {
  if (!v128.any_true(v128.load(found, 32))) return zero()
  const one = f64x2.splat(1)
  const threshold = at(found)
  const count = v128.load(found, 16)
  let sum = zero()
  let kept = zero()
  for (let p = from; p < end; p += 16) {
    const value = at(p)
    const isKept = f64x2.gt(value, threshold)
    // a zero more changes no sum, for none is -0
    sum = f64x2.add(sum, v128.and(isKept, value))
    kept = f64x2.add(kept, v128.and(isKept, one))
  }
  const goesOn = v128.and(f64x2.gt(kept, zero()), f64x2.lt(kept, count))
  const next = f64x2.div(f64x2.sub(sum, f64x2.splat(extent)), kept)
  v128.store(found, v128.bitselect(next, threshold, goesOn))
  v128.store(found, v128.bitselect(kept, count, goesOn), 16)
  v128.store(found, goesOn, 32)
  return goesOn
}

@inline
export function endSimplex(from: usize, end: usize, found: usize): void {
  const threshold = at(found)
  for (let p = from; p < end; p += 16) v128.store(p, f64x2.pmax(zero(), f64x2.sub(at(p), threshold)))
}

@inline
export function begin(kind: i32, extent: f64, from: usize, end: usize, found: usize): v128 {
  if (kind == ball) return intoBall(from, end, extent)
  if (kind == simplex) return beginSimplex(from, end, found)
  return within(from, end)
}

/** The largest inner product of a point of a ball or a simplex with the negative of a block; no number where its squares overflow or lose their digits. */
@inline
export function support(kind: i32, extent: f64, from: usize, end: usize): v128 {
  const scale = f64x2.splat(extent)
  if (kind == simplex) {
    let top = f64x2.splat(-Infinity)
    for (let p = from; p < end; p += 16) top = f64x2.pmax(top, f64x2.neg(at(p)))
    return f64x2.mul(scale, top)
  }
  const sum = squares(from, end)
  const isSafe = v128.and(f64x2.ge(sum, f64x2.splat(least)), f64x2.lt(sum, f64x2.splat(Infinity)))
  return v128.bitselect(f64x2.mul(scale, f64x2.sqrt(sum)), f64x2.splat(NaN), isSafe)
}
