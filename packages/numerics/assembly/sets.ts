/**
 * Projections onto balls and simplexes and their support functions, of two points in the lanes of vectors, with the bits of `FeasibleSet` of problems.
 *
 * They are functions of vectors, as norms are: each needs a sum or a maximum over a block and a scaling of it, and knows no method.
 */
import { at, multiplyAdd, zero } from "./simd"

/** Coordinates up to which nothing overflows. */
const most: f64 = 1e300

/** Squares of what lies in a ball of at least this radius lose nothing that its projection sees; in a smaller one sums of them must be so large. */
const leastRadius: f64 = 1e-140
const least: f64 = 1.0020841800044864e-292

export const ball: i32 = 1
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
export function intoBall(from: usize, end: usize, radius: v128): v128 {
  const sum = squares(from, end)
  const length = f64x2.sqrt(sum)
  const outside = f64x2.gt(length, radius)
  if (v128.any_true(outside)) {
    const scale = f64x2.div(radius, length)
    for (let p = from; p < end; p += 16) v128.store(p, v128.bitselect(f64x2.mul(at(p), scale), at(p), outside))
  }
  const low = v128.and(f64x2.lt(radius, f64x2.splat(leastRadius)), f64x2.splat(least))
  return v128.and(f64x2.ge(sum, low), f64x2.lt(sum, f64x2.splat(Infinity)))
}

/** Ones in the lanes whose numbers are all small enough, in whatever vectors. */
@inline
export function within(from: usize, end: usize): v128 {
  let ordinary = i64x2.splat(-1)
  for (let p = from; p < end; p += 16) ordinary = v128.and(ordinary, f64x2.lt(f64x2.abs(at(p)), f64x2.splat(most)))
  return ordinary
}

/**
 * Coordinates up to which a threshold that is not found from -Infinity on is certain, where it is that of the coordinates above it and none lies within a 2^20th of it. All are
 * at most 0, so that their sums lose a unit in the last place a term at most: then no round from -Infinity on leaves out a coordinate that belongs above, and none but the last keeps one that does not.
 */
const mostGuessed: usize = 1 << 14
const farness: f64 = 9.5367431640625e-7

/** How far from a threshold coordinates must be. */
@inline
function nearnessOf(threshold: v128): v128 {
  return f64x2.add(f64x2.mul(f64x2.abs(threshold), f64x2.splat(farness)), f64x2.splat(1e-290))
}

/** The rounds of `FeasibleSet.simplex` over coordinates of at most 0 at `room`, until no lane goes on: from a threshold that is none too large, and where what they find is not certain from -Infinity. */
function rounds(room: usize, length: usize, extent: v128, start: v128): v128 {
  const one = f64x2.splat(1)
  const end = room + length
  let threshold = start
  let count = f64x2.splat(<f64>length)
  let isGuess = true
  let isLeft = true
  do {
    const near = nearnessOf(threshold)
    let isCertain = i64x2.splat(-1)
    let sum = zero()
    let kept = zero()
    for (let p = room; p < end; p += 16) {
      const value = at(p)
      const isKept = f64x2.gt(value, threshold)
      isCertain = v128.and(isCertain, f64x2.gt(f64x2.abs(f64x2.sub(value, threshold)), near))
      // a zero more changes no sum, for none is -0
      sum = f64x2.add(sum, v128.and(isKept, value))
      kept = f64x2.add(kept, v128.and(isKept, one))
    }
    const next = f64x2.div(f64x2.sub(sum, extent), kept)
    isCertain = v128.and(isCertain, f64x2.eq(next, threshold))
    // a lane that is done finds the same again
    const goesOn = v128.and(f64x2.gt(kept, zero()), f64x2.lt(kept, count))
    threshold = v128.bitselect(next, threshold, goesOn)
    count = v128.bitselect(kept, count, goesOn)
    isLeft = v128.any_true(goesOn)
    if (!isLeft && isGuess && !i64x2.all_true(isCertain)) {
      threshold = f64x2.splat(-Infinity)
      count = f64x2.splat(<f64>length)
      isGuess = false
      isLeft = true
    }
  } while (isLeft)
  return threshold
}

/**
 * Moves into the simplex, with the thresholds of the last projection at `guess`, -Infinity before the first; `room` is for as many vectors. Coordinates that are not there are
 * -Infinity.
 */
@inline
export function intoSimplex(from: usize, end: usize, extent: v128, guess: usize, room: usize): void {
  const one = f64x2.splat(1)
  const nothing = zero()
  let top = f64x2.splat(-Infinity)
  // which zero is the largest tells in no answer
  for (let p = from; p < end; p += 16) top = f64x2.pmax(top, at(p))
  const start = at(guess)
  let sum = zero()
  let kept = zero()
  let q = room
  for (let p = from; p < end; p += 16) {
    const value = f64x2.sub(at(p), top)
    const isKept = f64x2.gt(value, start)
    sum = f64x2.add(sum, v128.and(isKept, value))
    kept = f64x2.add(kept, v128.and(isKept, one))
    v128.store(q, value)
    q += 16
  }
  let threshold = f64x2.div(f64x2.sub(sum, extent), kept)
  const near = nearnessOf(threshold)
  const isShort = end - from <= mostGuessed << 4
  let isFound = i64x2.splat(isShort ? -1 : 0)
  let again = zero()
  q = room
  for (let p = from; p < end; p += 16) {
    const above = f64x2.sub(at(q), threshold)
    isFound = v128.and(isFound, f64x2.gt(f64x2.abs(above), near))
    again = f64x2.add(again, v128.and(f64x2.gt(above, nothing), one))
    v128.store(p, f64x2.pmax(nothing, above))
    q += 16
  }
  v128.store(guess, threshold)
  if (i64x2.all_true(v128.and(isFound, f64x2.eq(again, kept)))) return
  threshold = rounds(room, end - from, extent, isShort ? threshold : f64x2.splat(-Infinity))
  q = room
  for (let p = from; p < end; p += 16) {
    v128.store(p, f64x2.pmax(nothing, f64x2.sub(at(q), threshold)))
    q += 16
  }
  v128.store(guess, threshold)
}

/** The largest inner product of a point of a ball or a simplex with the negative of a block; no number where its squares overflow or lose their digits. */
@inline
export function support(kind: i32, scale: v128, from: usize, end: usize): v128 {
  if (kind == simplex) {
    let top = f64x2.splat(-Infinity)
    for (let p = from; p < end; p += 16) top = f64x2.pmax(top, f64x2.neg(at(p)))
    return f64x2.mul(scale, top)
  }
  const sum = squares(from, end)
  const isSafe = v128.and(f64x2.ge(sum, f64x2.splat(least)), f64x2.lt(sum, f64x2.splat(Infinity)))
  return v128.bitselect(f64x2.mul(scale, f64x2.sqrt(sum)), f64x2.splat(NaN), isSafe)
}
