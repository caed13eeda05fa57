/**
 * Whole runs of projected descent and of extragradient in bilinear games, two runs in the lanes of a vector: the twin of `reference/Monotone.ts`.
 *
 * The operator of a run is `V(z) = (A (y - y*), -A^T (x - x*)) + e + strength (z - c)`, with numbers of its own. No multiply-add is fused, whatever the build.
 */
import { zero } from "./simd"

/** Coordinates up to which nothing overflows. */
const most: f64 = 1e300

/** Squares of what lies in a ball of at least this radius lose nothing that its projection sees; in a smaller one sums of them must be so large. */
const leastRadius: f64 = 1e-140
const least: f64 = 1.0020841800044864e-292

const ball: i32 = 1
const simplex: i32 = 2

/** What all pairs share; lengths are bytes of vectors. */
let split: usize = 0
let size: usize = 0
let hasSaddle: bool = false
let hasCenter: bool = false
let strength: v128 = zero()
let kindOfMin: i32 = 0
let kindOfMax: i32 = 0
let extentOfMin: f64 = 0
let extentOfMax: f64 = 0

@inline
function at(i: usize): v128 {
  return v128.load(i)
}

@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(c, f64x2.mul(a, b))
}

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
      s0 = madd(value, at(p), s0)
      v128.store(q, madd(x, value, at(q)))
      value = v128.load(a, 16)
      s1 = madd(value, v128.load(p, 16), s1)
      v128.store(q, madd(x, value, v128.load(q, 16)), 16)
      value = v128.load(a, 32)
      s2 = madd(value, v128.load(p, 32), s2)
      v128.store(q, madd(x, value, v128.load(q, 32)), 32)
      value = v128.load(a, 48)
      s3 = madd(value, v128.load(p, 48), s3)
      v128.store(q, madd(x, value, v128.load(q, 48)), 48)
      a += 64
      q += 64
    }
    if (p < end) {
      const value = at(a)
      s0 = madd(value, at(p), s0)
      v128.store(q, madd(x, value, at(q)))
    }
    if (p + 16 < end) {
      const value = v128.load(a, 16)
      s1 = madd(value, v128.load(p, 16), s1)
      v128.store(q, madd(x, value, v128.load(q, 16)), 16)
    }
    if (p + 32 < end) {
      const value = v128.load(a, 32)
      s2 = madd(value, v128.load(p, 32), s2)
      v128.store(q, madd(x, value, v128.load(q, 32)), 32)
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

/** Scales into the ball; ones in the lanes where squares neither overflow nor lose their digits. */
@inline
function intoBall(from: usize, end: usize, extent: f64): v128 {
  const radius = f64x2.splat(extent)
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
  let p = from
  for (const whole = from + ((end - from) & ~63); p < whole; p += 64) {
    s0 = madd(at(p), at(p), s0)
    s1 = madd(v128.load(p, 16), v128.load(p, 16), s1)
    s2 = madd(v128.load(p, 32), v128.load(p, 32), s2)
    s3 = madd(v128.load(p, 48), v128.load(p, 48), s3)
  }
  for (; p < end; p += 16) s0 = madd(at(p), at(p), s0)
  const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  const length = f64x2.sqrt(sum)
  const outside = f64x2.gt(length, radius)
  if (v128.any_true(outside)) {
    const scale = f64x2.div(radius, length)
    for (p = from; p < end; p += 16) v128.store(p, v128.bitselect(f64x2.mul(at(p), scale), at(p), outside))
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
function goOn(from: usize, end: usize, extent: f64, found: usize): v128 {
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
function endSimplex(from: usize, end: usize, found: usize): void {
  const threshold = at(found)
  for (let p = from; p < end; p += 16) v128.store(p, f64x2.pmax(zero(), f64x2.sub(at(p), threshold)))
}

@inline
function begin(kind: i32, extent: f64, from: usize, end: usize, found: usize): v128 {
  if (kind == ball) return intoBall(from, end, extent)
  if (kind == simplex) return beginSimplex(from, end, found)
  return within(from, end)
}

/**
 * Moves the points of all pairs, `pitch` bytes apart, into the sets of both players; ones in the lanes where numbers are ordinary. The rounds of all simplexes take
 * turns, for the steps of one wait for each other. `found` has room for six vectors a pair.
 */
function project(pairs: i32, first: usize, pitch: usize, found: usize): v128 {
  let ordinary = i64x2.splat(-1)
  const last = first + <usize>pairs * pitch
  let f = found
  for (let z = first; z < last; z += pitch) {
    ordinary = v128.and(ordinary, begin(kindOfMin, extentOfMin, z, z + split, f))
    ordinary = v128.and(ordinary, begin(kindOfMax, extentOfMax, z + split, z + size, f + 48))
    f += 96
  }
  if (kindOfMin != simplex && kindOfMax != simplex) return ordinary
  let left = zero()
  do {
    left = zero()
    f = found
    for (let z = first; z < last; z += pitch) {
      if (kindOfMin == simplex) left = v128.or(left, goOn(z, z + split, extentOfMin, f))
      if (kindOfMax == simplex) left = v128.or(left, goOn(z + split, z + size, extentOfMax, f + 48))
      f += 96
    }
  } while (v128.any_true(left))
  f = found
  for (let z = first; z < last; z += pitch) {
    if (kindOfMin == simplex) endSimplex(z, z + split, f)
    if (kindOfMax == simplex) endSimplex(z + split, z + size, f + 48)
    f += 96
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

/** What all runs share: the lengths, the sets of both players and the pull towards the centers. */
@inline
function prepare(
  m: i32, n: i32, minKind: i32, minExtent: f64, maxKind: i32, maxExtent: f64, isOff: bool, pull: f64,
  isPulled: bool,
): void {
  split = <usize>m << 4
  size = <usize>(m + n) << 4
  kindOfMin = minKind
  extentOfMin = minExtent
  kindOfMax = maxKind
  extentOfMax = maxExtent
  strength = f64x2.splat(pull)
  hasSaddle = isOff
  hasCenter = isPulled
}

/**
 * Up to `steps` steps of `pairs` pairs of runs: of projected descent, or of extragradient; returns how many. For each pair `problems` has A, the saddle and the
 * center, `points` the point and the mean; `errors` one a query and pair, the next `stride` bytes later. Extragradient stops, with the complement of the
 * number, before a step after which no residual exceeds `until`; and before one whose monotonicity is below `modulus |w - z|^2 - doubt |w - z|`,
 * unless that is no number. `work` holds four points and six vectors a pair, and a point.
 */
export function descendMonotone(
  isExtra: bool, steps: i32, pairs: i32, m: i32, n: i32, minKind: i32, minExtent: f64, maxKind: i32, maxExtent: f64,
  given: f64, isOff: bool, pull: f64, isPulled: bool, until: f64, modulus: f64, doubt: f64,
  problems: usize, errors: usize, stride: usize, points: usize, work: usize,
): i32 {
  prepare(m, n, minKind, minExtent, maxKind, maxExtent, isOff, pull, isPulled)
  const step = f64x2.splat(given)
  const inverse = f64x2.splat(1 / given)
  const toCenter = (<usize>(m * n) << 4) + size
  const problemBytes = toCenter + size
  const pitch = size << 2
  const found = work + <usize>pairs * pitch
  const room = found + <usize>pairs * 96
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
      ordinary = project(pairs, work + size, pitch, found)
      let above = zero()
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
          square = madd(rest, rest, square)
          product = f64x2.sub(product, f64x2.mul(change, back))
          length = madd(back, back, length)
          v128.store(next + i, f64x2.sub(before, f64x2.mul(step, half)))
        }
        above = v128.or(above, f64x2.gt(f64x2.sqrt(square), f64x2.splat(until)))
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
      ordinary = v128.and(ordinary, project(pairs, work, pitch, found))
      if (i64x2.all_true(ordinary) && !v128.any_true(above)) return ~taken
    } else {
      ordinary = project(pairs, work, pitch, found)
    }
    if (!i64x2.all_true(ordinary)) return taken
    z = points
    next = work
    for (let pair = 0; pair < pairs; pair++) {
      add(z + size, isExtra ? next + size : z, z, next)
      z += 3 * size
      next += pitch
    }
    errors += isExtra ? 2 * stride : stride
  }
  return steps
}
