/**
 * Whole runs of projected descent and of extragradient in bilinear games, two runs in the lanes of a vector: the twin of `reference/Monotone.ts`.
 *
 * The operator of a run is `V(z) = (A (y - y*), -A^T (x - x*)) + e + strength (z - c)`, with numbers of its own. No multiply-add is fused, whatever the build.
 */
import { into, support } from "./sets"
import { at, multiplyAdd, zero } from "./simd"

/** What all pairs share; lengths are bytes of vectors. */
let split: usize = 0
let size: usize = 0
let hasSaddle: bool = false
let hasCenter: bool = false
let strength: v128 = zero()
let kindOfMin: i32 = 0
let kindOfMax: i32 = 0
let extentOfMin: v128 = zero()
let extentOfMax: v128 = zero()

/** A y and A^T x around the saddle: A, the saddle and the center lie one after the other at `problem`; `room` is for a point. */
function multiply(problem: usize, z: usize, out: usize, room: usize): void {
  const length = size - split
  const saddle = problem + (split >> 4) * length
  const offset = hasSaddle ? room : z
  for (let i: usize = 0; hasSaddle && i < size; i += 16) v128.store(offset + i, f64x2.sub(at(z + i), at(saddle + i)))
  const y = offset + split
  const end = y + length
  const whole = y + (length & ~63)
  const atx = out + split
  // a fill of memory is a call, which costs more than a few stores
  for (let i: usize = 0; i < length; i += 16) v128.store(atx + i, zero())
  let a = problem
  for (let i: usize = 0; i < split; i += 16) {
    const x = at(offset + i)
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let p = y
    let q = atx
    for (; p < whole; p += 64) {
      let value = at(a)
      s0 = multiplyAdd(value, at(p), s0)
      v128.store(q, multiplyAdd(x, value, at(q)))
      value = v128.load(a, 16)
      s1 = multiplyAdd(value, v128.load(p, 16), s1)
      v128.store(q, multiplyAdd(x, value, v128.load(q, 16)), 16)
      value = v128.load(a, 32)
      s2 = multiplyAdd(value, v128.load(p, 32), s2)
      v128.store(q, multiplyAdd(x, value, v128.load(q, 32)), 32)
      value = v128.load(a, 48)
      s3 = multiplyAdd(value, v128.load(p, 48), s3)
      v128.store(q, multiplyAdd(x, value, v128.load(q, 48)), 48)
      a += 64
      q += 64
    }
    if (p < end) {
      const value = at(a)
      s0 = multiplyAdd(value, at(p), s0)
      v128.store(q, multiplyAdd(x, value, at(q)))
    }
    if (p + 16 < end) {
      const value = v128.load(a, 16)
      s1 = multiplyAdd(value, v128.load(p, 16), s1)
      v128.store(q, multiplyAdd(x, value, v128.load(q, 16)), 16)
    }
    if (p + 32 < end) {
      const value = v128.load(a, 32)
      s2 = multiplyAdd(value, v128.load(p, 32), s2)
      v128.store(q, multiplyAdd(x, value, v128.load(q, 32)), 32)
    }
    a += end - p
    v128.store(out + i, f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)))
  }
}

/** Coordinate i of the answer at `z`, whose products are at `out`. */
@inline
function answer(i: usize, out: usize, error: usize, z: usize, center: usize): v128 {
  const exact = i < split ? at(out + i) : f64x2.neg(at(out + i))
  const inexact = f64x2.add(exact, at(error + i))
  if (!hasCenter) return inexact
  return f64x2.add(inexact, f64x2.mul(strength, f64x2.sub(at(z + i), at(center + i))))
}

/** Moves the points of all pairs, `pitch` bytes apart, into the sets of both players; ones in the lanes where numbers are ordinary. `guesses` has two vectors a pair, and `room` is for a point. */
function project(pairs: i32, first: usize, pitch: usize, guesses: usize, room: usize): v128 {
  let ordinary = i64x2.splat(-1)
  const last = first + <usize>pairs * pitch
  for (let z = first; z < last; z += pitch) {
    ordinary = v128.and(ordinary, into(kindOfMin, extentOfMin, z, z + split, guesses, room))
    ordinary = v128.and(ordinary, into(kindOfMax, extentOfMax, z + split, z + size, guesses + 16, room))
    guesses += 32
  }
  return ordinary
}

/** Adds a point to a mean, the sum and then what it has lost, and brings the next point to `z`. */
@inline
function add(mean: usize, point: usize, z: usize, moved: usize): void {
  for (let i: usize = 0; i < size; i += 16) {
    const held = at(mean + i)
    const next = at(point + i)
    v128.store(z + i, at(moved + i))
    const total = f64x2.add(held, next)
    const added = f64x2.sub(total, held)
    const lost = f64x2.add(f64x2.sub(held, f64x2.sub(total, added)), f64x2.sub(next, added))
    v128.store(mean + size + i, f64x2.add(at(mean + size + i), lost))
    v128.store(mean + i, total)
  }
}

/** Keeps the candidate in the lanes whose residual is at most `goal` and below that of the one kept before, which lies ahead of it. */
@inline
function keep(best: usize, residual: v128, goal: f64, candidate: usize): void {
  const isBetter = v128.and(f64x2.le(residual, f64x2.splat(goal)), f64x2.lt(residual, at(best)))
  if (!v128.any_true(isBetter)) return
  v128.store(best, v128.bitselect(residual, at(best), isBetter))
  for (let i: usize = 0; i < size; i += 16) {
    const kept = best + 16 + i
    v128.store(kept, v128.bitselect(at(candidate + i), at(kept), isBetter))
  }
}

/** `max over z' of V^T (z - z')` over the sets of both players, with the answer V at z; no number where one of its parts is none. */
function violation(z: usize, answer: usize): v128 {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
  const end = answer + size
  let p = answer
  let q = z
  for (const whole = p + (size & ~63); p < whole; p += 64) {
    s0 = multiplyAdd(at(p), at(q), s0)
    s1 = multiplyAdd(v128.load(p, 16), v128.load(q, 16), s1)
    s2 = multiplyAdd(v128.load(p, 32), v128.load(q, 32), s2)
    s3 = multiplyAdd(v128.load(p, 48), v128.load(q, 48), s3)
    q += 64
  }
  if (p < end) s0 = multiplyAdd(at(p), at(q), s0)
  if (p + 16 < end) s1 = multiplyAdd(v128.load(p, 16), v128.load(q, 16), s1)
  if (p + 32 < end) s2 = multiplyAdd(v128.load(p, 32), v128.load(q, 32), s2)
  const product = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  return f64x2.add(product, f64x2.add(
    support(kindOfMin, extentOfMin, answer, answer + split), support(kindOfMax, extentOfMax, answer + split, end),
  ))
}

/** What all runs share: the lengths, the sets of both players and the pull towards the centers. */
@inline
function prepare(
  m: i32, n: i32, minKind: i32, minExtent: f64, maxKind: i32, maxExtent: f64, isOff: bool, pull: f64,
  isPulled: bool,
): void {
  split = <usize>m << 4
  size = <usize>(m + n) << 4
  kindOfMin = minKind
  extentOfMin = f64x2.splat(minExtent)
  kindOfMax = maxKind
  extentOfMax = f64x2.splat(maxExtent)
  strength = f64x2.splat(pull)
  hasSaddle = isOff
  hasCenter = isPulled
}

/**
 * Up to `steps` steps of `pairs` pairs of runs: of projected descent, or of extragradient; returns how many. For each pair `problems` has A, the saddle and the
 * center, `points` the point and the mean; `errors` one a query and pair, the next `stride` bytes later. Extragradient stops, with the complement of the
 * number, before a step after which no residual exceeds `until`, or after which the violation of some run and `slack` are at most `accuracy` (a negative one: never); and
 * before one whose monotonicity is below `modulus |w - z|^2 - doubt |w - z|`, unless that is no number. Of the candidates with residuals of at most `goal`, `bests` keeps the best, its residual ahead of it; with a negative goal none. `work` holds four
 * points and five vectors a pair, and a point.
 */
export function descendMonotone(
  isExtra: bool, steps: i32, pairs: i32, m: i32, n: i32, minKind: i32, minExtent: f64, maxKind: i32, maxExtent: f64,
  given: f64, isOff: bool, pull: f64, isPulled: bool, until: f64, modulus: f64, doubt: f64, goal: f64,
  slack: f64, accuracy: f64, problems: usize, errors: usize, stride: usize, points: usize, bests: usize, work: usize,
): i32 {
  prepare(m, n, minKind, minExtent, maxKind, maxExtent, isOff, pull, isPulled)
  const step = f64x2.splat(given)
  const inverse = f64x2.splat(1 / given)
  const toCenter = (<usize>(m * n) << 4) + size
  const problemBytes = toCenter + size
  const pitch = size << 2
  // thresholds of the last projections of points, then of candidates
  const guesses = work + <usize>pairs * pitch
  const residuals = guesses + (<usize>pairs << 6)
  const room = residuals + (<usize>pairs << 4)
  for (let guess = guesses; guess < residuals; guess += 16) v128.store(guess, f64x2.splat(-Infinity))
  for (let taken = 0; taken < steps; taken++) {
    let ordinary = i64x2.splat(-1)
    let problem = problems
    let z = points
    // the next point, the candidate, the answer at the point and at the candidate
    let next = work
    let error = errors
    for (let pair = 0; pair < pairs; pair++) {
      const out = next + 2 * size
      multiply(problem, z, out, room)
      const to = isExtra ? next + size : next
      for (let i: usize = 0; i < size; i += 16) {
        const here = answer(i, out, error, z, problem + toCenter)
        v128.store(out + i, here)
        v128.store(to + i, f64x2.sub(at(z + i), f64x2.mul(step, here)))
      }
      problem += problemBytes
      z += 3 * size
      next += pitch
      error += size
    }
    if (isExtra) {
      ordinary = project(pairs, work + size, pitch, guesses + (<usize>pairs << 5), room)
      let above = zero()
      let within = zero()
      problem = problems
      z = points
      next = work
      error = errors + stride
      for (let pair = 0; pair < pairs; pair++) {
        const candidate = next + size
        const here = candidate + size
        const out = here + size
        multiply(problem, candidate, out, room)
        let square = zero(), product = zero(), length = zero()
        for (let i: usize = 0; i < size; i += 16) {
          const before = at(z + i)
          const half = answer(i, out, error, candidate, problem + toCenter)
          const back = f64x2.sub(before, at(candidate + i))
          const change = f64x2.sub(half, at(here + i))
          const rest = f64x2.add(change, f64x2.mul(back, inverse))
          square = multiplyAdd(rest, rest, square)
          product = f64x2.sub(product, f64x2.mul(change, back))
          length = multiplyAdd(back, back, length)
          v128.store(out + i, half)
          v128.store(next + i, f64x2.sub(before, f64x2.mul(step, half)))
        }
        if (accuracy >= 0) {
          const left = violation(candidate, out)
          ordinary = v128.and(ordinary, f64x2.eq(left, left))
          within = v128.or(within, f64x2.le(f64x2.add(left, f64x2.splat(slack)), f64x2.splat(accuracy)))
        }
        const residual = f64x2.sqrt(square)
        v128.store(residuals + (<usize>pair << 4), residual)
        above = v128.or(above, f64x2.gt(residual, f64x2.splat(until)))
        const moved = f64x2.sqrt(length)
        const lowest = f64x2.sub(
          f64x2.mul(f64x2.mul(f64x2.splat(modulus), moved), moved), f64x2.mul(f64x2.splat(doubt), moved),
        )
        const isWrong = f64x2.lt(product, lowest)
        ordinary = v128.and(ordinary, v128.andnot(f64x2.lt(square, f64x2.splat(Infinity)), isWrong))
        problem += problemBytes
        z += 3 * size
        next += pitch
        error += size
      }
      ordinary = v128.and(ordinary, project(pairs, work, pitch, guesses, room))
      if (i64x2.all_true(ordinary) && (!v128.any_true(above) || v128.any_true(within))) return ~taken
    } else {
      ordinary = project(pairs, work, pitch, guesses, room)
    }
    if (!i64x2.all_true(ordinary)) return taken
    z = points
    next = work
    for (let pair = 0; pair < pairs; pair++) {
      add(z + size, isExtra ? next + size : z, z, next)
      if (goal >= 0) keep(bests + <usize>pair * (16 + size), at(residuals + (<usize>pair << 4)), goal, next + size)
      z += 3 * size
      next += pitch
    }
    errors += isExtra ? 2 * stride : stride
  }
  return steps
}
