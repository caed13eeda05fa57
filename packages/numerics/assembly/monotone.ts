/**
 * Whole runs of projected descent and of extragradient in bilinear games, four runs in the lanes of two vectors: the twin of `reference/Monotone.ts`.
 *
 * The operator of a run is `V(z) = (A (y - y*), -A^T (x - x*)) + e + strength (z - c)`, with numbers of its own. No multiply-add is fused, whatever the build. Operations on
 * the two vectors stand beside each other, loads ahead of stores, so that wide vectors join them.
 */
import { ball, intoBall, intoSimplex, simplex, support, within } from "./sets"
import { at, multiplyAdd, zero } from "./simd"

/** What all runs share; lengths are bytes of pairs of vectors. */
let split: usize = 0
let size: usize = 0
let hasSaddle: bool = false
let hasCenter: bool = false
let strength: v128 = zero()
let kindOfMin: i32 = 0
let kindOfMax: i32 = 0
let extentOfMin: v128 = zero()
let extentOfMax: v128 = zero()

/** The answer at z: A, the saddle and the center lie one after the other at `problem`; `room` is for a point. */
function ask(problem: usize, z: usize, error: usize, out: usize, room: usize): void {
  const length = size - split
  const saddle = problem + (split >> 5) * length
  const offset = hasSaddle ? room : z
  for (let i: usize = 0; hasSaddle && i < size; i += 16) v128.store(offset + i, f64x2.sub(at(z + i), at(saddle + i)))
  const y = offset + split
  const end = y + length
  const whole = y + (length & ~127)
  let a = problem
  for (let i: usize = 0; i < split; i += 32) {
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let t0 = zero(), t1 = zero(), t2 = zero(), t3 = zero()
    let p = y
    for (; p < whole; p += 128) {
      s0 = multiplyAdd(at(a), at(p), s0)
      t0 = multiplyAdd(v128.load(a, 16), v128.load(p, 16), t0)
      s1 = multiplyAdd(v128.load(a, 32), v128.load(p, 32), s1)
      t1 = multiplyAdd(v128.load(a, 48), v128.load(p, 48), t1)
      s2 = multiplyAdd(v128.load(a, 64), v128.load(p, 64), s2)
      t2 = multiplyAdd(v128.load(a, 80), v128.load(p, 80), t2)
      s3 = multiplyAdd(v128.load(a, 96), v128.load(p, 96), s3)
      t3 = multiplyAdd(v128.load(a, 112), v128.load(p, 112), t3)
      a += 128
    }
    if (p < end) {
      s0 = multiplyAdd(at(a), at(p), s0)
      t0 = multiplyAdd(v128.load(a, 16), v128.load(p, 16), t0)
    }
    if (p + 32 < end) {
      s1 = multiplyAdd(v128.load(a, 32), v128.load(p, 32), s1)
      t1 = multiplyAdd(v128.load(a, 48), v128.load(p, 48), t1)
    }
    if (p + 64 < end) {
      s2 = multiplyAdd(v128.load(a, 64), v128.load(p, 64), s2)
      t2 = multiplyAdd(v128.load(a, 80), v128.load(p, 80), t2)
    }
    a += end - p
    const error0 = at(error + i), error1 = v128.load(error + i, 16)
    v128.store(out + i, f64x2.add(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)), error0))
    v128.store(out + i, f64x2.add(f64x2.add(f64x2.add(t0, t1), f64x2.add(t2, t3)), error1), 16)
  }
  const atx = out + split
  const ofX = offset + split
  const ofAtx = error + split
  let j: usize = 0
  for (; j + 64 < length; j += 96) {
    let s0 = zero(), s1 = zero(), s2 = zero()
    let t0 = zero(), t1 = zero(), t2 = zero()
    a = problem + j
    for (let p = offset; p < ofX; p += 32) {
      const x0 = at(p)
      const x1 = v128.load(p, 16)
      s0 = multiplyAdd(x0, at(a), s0)
      t0 = multiplyAdd(x1, v128.load(a, 16), t0)
      s1 = multiplyAdd(x0, v128.load(a, 32), s1)
      t1 = multiplyAdd(x1, v128.load(a, 48), t1)
      s2 = multiplyAdd(x0, v128.load(a, 64), s2)
      t2 = multiplyAdd(x1, v128.load(a, 80), t2)
      a += length
    }
    s0 = f64x2.sub(at(ofAtx + j), s0)
    t0 = f64x2.sub(v128.load(ofAtx + j, 16), t0)
    s1 = f64x2.sub(v128.load(ofAtx + j, 32), s1)
    t1 = f64x2.sub(v128.load(ofAtx + j, 48), t1)
    s2 = f64x2.sub(v128.load(ofAtx + j, 64), s2)
    t2 = f64x2.sub(v128.load(ofAtx + j, 80), t2)
    v128.store(atx + j, s0)
    v128.store(atx + j, t0, 16)
    v128.store(atx + j, s1, 32)
    v128.store(atx + j, t1, 48)
    v128.store(atx + j, s2, 64)
    v128.store(atx + j, t2, 80)
  }
  for (; j < length; j += 32) {
    let s0 = zero(), t0 = zero()
    a = problem + j
    for (let p = offset; p < ofX; p += 32) {
      s0 = multiplyAdd(at(p), at(a), s0)
      t0 = multiplyAdd(v128.load(p, 16), v128.load(a, 16), t0)
      a += length
    }
    s0 = f64x2.sub(at(ofAtx + j), s0)
    t0 = f64x2.sub(v128.load(ofAtx + j, 16), t0)
    v128.store(atx + j, s0)
    v128.store(atx + j, t0, 16)
  }
  if (!hasCenter) return
  const center = saddle + size
  for (let i: usize = 0; i < size; i += 32) {
    const pull0 = f64x2.mul(strength, f64x2.sub(at(z + i), at(center + i)))
    const pull1 = f64x2.mul(strength, f64x2.sub(v128.load(z + i, 16), v128.load(center + i, 16)))
    const out0 = f64x2.add(at(out + i), pull0), out1 = f64x2.add(v128.load(out + i, 16), pull1)
    v128.store(out + i, out0)
    v128.store(out + i, out1, 16)
  }
}

/** Moves the coordinates of one player into its set; ones in the lanes where numbers are ordinary. */
@inline
function confine(kind: i32, extent: v128, from: usize, end: usize, guess: usize, room: usize): v128 {
  if (kind == ball) return v128.and(intoBall(from, end, 32, extent), intoBall(from + 16, end, 32, extent))
  const ordinary = within(from, end)
  if (kind == simplex) intoSimplex(true, from, end, extent, guess, room)
  return ordinary
}

/** Moves the points of all runs, `pitch` bytes apart, into the sets of both players; ones in the lanes where numbers are ordinary. `guesses` has four vectors for four runs, and `room` is for a point. */
function project(quads: i32, first: usize, pitch: usize, guesses: usize, room: usize): v128 {
  let ordinary = i64x2.splat(-1)
  const last = first + <usize>quads * pitch
  for (let z = first; z < last; z += pitch) {
    ordinary = v128.and(ordinary, confine(kindOfMin, extentOfMin, z, z + split, guesses, room))
    ordinary = v128.and(ordinary, confine(kindOfMax, extentOfMax, z + split, z + size, guesses + 32, room))
    guesses += 64
  }
  return ordinary
}

/** Adds a point to a mean, the sum and then what it has lost, and brings the next point to `z`. */
@inline
function add(mean: usize, point: usize, z: usize, moved: usize): void {
  for (let i: usize = 0; i < size; i += 32) {
    const held0 = at(mean + i), held1 = v128.load(mean + i, 16)
    const next0 = at(point + i), next1 = v128.load(point + i, 16)
    const before0 = at(mean + size + i), before1 = v128.load(mean + size + i, 16)
    const moved0 = at(moved + i), moved1 = v128.load(moved + i, 16)
    const total0 = f64x2.add(held0, next0), total1 = f64x2.add(held1, next1)
    const added0 = f64x2.sub(total0, held0), added1 = f64x2.sub(total1, held1)
    const lost0 = f64x2.add(f64x2.sub(held0, f64x2.sub(total0, added0)), f64x2.sub(next0, added0))
    const lost1 = f64x2.add(f64x2.sub(held1, f64x2.sub(total1, added1)), f64x2.sub(next1, added1))
    v128.store(z + i, moved0)
    v128.store(z + i, moved1, 16)
    v128.store(mean + i, total0)
    v128.store(mean + i, total1, 16)
    v128.store(mean + size + i, f64x2.add(before0, lost0))
    v128.store(mean + size + i, f64x2.add(before1, lost1), 16)
  }
}

/** Keeps the candidate in the lanes whose residual is at most `goal` and below that of the one kept before, which lies ahead of it. */
@inline
function keep(best: usize, residual: v128, goal: f64, candidate: usize): void {
  const isBetter = v128.and(f64x2.le(residual, f64x2.splat(goal)), f64x2.lt(residual, at(best)))
  if (!v128.any_true(isBetter)) return
  v128.store(best, v128.bitselect(residual, at(best), isBetter))
  for (let i: usize = 0; i < size; i += 32) {
    const kept = best + 32 + i
    v128.store(kept, v128.bitselect(at(candidate + i), at(kept), isBetter))
  }
}

/** `max over z' of V^T (z - z')` over the sets of both players, with the answer V at z, of two runs; no number where one of its parts is none. */
function violation(z: usize, answer: usize): v128 {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
  const end = answer + size
  let p = answer
  let q = z
  for (const whole = p + (size & ~127); p < whole; p += 128) {
    s0 = multiplyAdd(at(p), at(q), s0)
    s1 = multiplyAdd(v128.load(p, 32), v128.load(q, 32), s1)
    s2 = multiplyAdd(v128.load(p, 64), v128.load(q, 64), s2)
    s3 = multiplyAdd(v128.load(p, 96), v128.load(q, 96), s3)
    q += 128
  }
  if (p < end) s0 = multiplyAdd(at(p), at(q), s0)
  if (p + 32 < end) s1 = multiplyAdd(v128.load(p, 32), v128.load(q, 32), s1)
  if (p + 64 < end) s2 = multiplyAdd(v128.load(p, 64), v128.load(q, 64), s2)
  const product = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  const split1 = answer + split
  return f64x2.add(product, f64x2.add(
    support(kindOfMin, extentOfMin, answer, split1, 32), support(kindOfMax, extentOfMax, split1, answer + size, 32),
  ))
}

/** `z - step answer` at `to`. */
@inline
function move(step: v128, z: usize, answer: usize, to: usize): void {
  for (let i: usize = 0; i < size; i += 32) {
    const moved0 = f64x2.sub(at(z + i), f64x2.mul(step, at(answer + i)))
    const moved1 = f64x2.sub(v128.load(z + i, 16), f64x2.mul(step, v128.load(answer + i, 16)))
    v128.store(to + i, moved0)
    v128.store(to + i, moved1, 16)
  }
}

/**
 * Up to `steps` steps of `quads` times four runs: of projected descent, or of extragradient; returns how many. For each four `problems` has A, the saddle and the
 * center, `points` the point and the mean; `errors` one a query and four, the next `stride` bytes later. Extragradient stops, with the complement of the
 * number, before a step after which no residual exceeds `until`, or after which the violation of some run and `slack` are at most `accuracy` (a negative one: never); and
 * before one whose monotonicity is below `modulus |w - z|^2 - doubt |w - z|`, unless that is no number. Of the candidates with residuals of at most `goal`, `bests` keeps the best, its residual ahead of it; with a negative goal none. `work` holds four
 * points and ten vectors for each four, and a point.
 */
export function descendMonotone(
  isExtra: bool, steps: i32, quads: i32, m: i32, n: i32, minKind: i32, minExtent: f64, maxKind: i32, maxExtent: f64,
  given: f64, isOff: bool, pull: f64, isPulled: bool, until: f64, modulus: f64, doubt: f64, goal: f64,
  slack: f64, accuracy: f64, problems: usize, errors: usize, stride: usize, points: usize, bests: usize, work: usize,
): i32 {
  split = <usize>m << 5
  size = <usize>(m + n) << 5
  kindOfMin = minKind
  extentOfMin = f64x2.splat(minExtent)
  kindOfMax = maxKind
  extentOfMax = f64x2.splat(maxExtent)
  strength = f64x2.splat(pull)
  hasSaddle = isOff
  hasCenter = isPulled
  const step = f64x2.splat(given)
  const inverse = f64x2.splat(1 / given)
  const problemBytes = (<usize>(m * n) << 5) + 2 * size
  const pitch = size << 2
  // thresholds of the last projections of points, then of candidates
  const guesses = work + <usize>quads * pitch
  const residuals = guesses + (<usize>quads << 7)
  const room = residuals + (<usize>quads << 5)
  for (let guess = guesses; guess < residuals; guess += 16) v128.store(guess, f64x2.splat(-Infinity))
  for (let taken = 0; taken < steps; taken++) {
    let problem = problems
    let z = points
    // the next point, the candidate, the answer at the point and at the candidate
    let next = work
    let error = errors
    for (let quad = 0; quad < quads; quad++) {
      const here = next + 2 * size
      ask(problem, z, error, here, room)
      move(step, z, here, isExtra ? next + size : next)
      problem += problemBytes
      z += 3 * size
      next += pitch
      error += size
    }
    let ordinary = project(quads, isExtra ? work + size : work, pitch, isExtra ? guesses + (<usize>quads << 6) : guesses, room)
    if (isExtra) {
      let above = zero()
      let isWithin = zero()
      problem = problems
      z = points
      next = work
      error = errors + stride
      for (let quad = 0; quad < quads; quad++) {
        const candidate = next + size
        const here = candidate + size
        const out = here + size
        ask(problem, candidate, error, out, room)
        let square0 = zero(), product0 = zero(), length0 = zero()
        let square1 = zero(), product1 = zero(), length1 = zero()
        for (let i: usize = 0; i < size; i += 32) {
          const before0 = at(z + i), before1 = v128.load(z + i, 16)
          const half0 = at(out + i), half1 = v128.load(out + i, 16)
          const back0 = f64x2.sub(before0, at(candidate + i)), back1 = f64x2.sub(before1, v128.load(candidate + i, 16))
          const change0 = f64x2.sub(half0, at(here + i)), change1 = f64x2.sub(half1, v128.load(here + i, 16))
          const rest0 = f64x2.add(change0, f64x2.mul(back0, inverse)), rest1 = f64x2.add(change1, f64x2.mul(back1, inverse))
          const moved0 = f64x2.sub(before0, f64x2.mul(step, half0)), moved1 = f64x2.sub(before1, f64x2.mul(step, half1))
          square0 = multiplyAdd(rest0, rest0, square0)
          square1 = multiplyAdd(rest1, rest1, square1)
          product0 = f64x2.sub(product0, f64x2.mul(change0, back0))
          product1 = f64x2.sub(product1, f64x2.mul(change1, back1))
          length0 = multiplyAdd(back0, back0, length0)
          length1 = multiplyAdd(back1, back1, length1)
          v128.store(next + i, moved0)
          v128.store(next + i, moved1, 16)
        }
        for (let half: usize = 0; half < 32; half += 16) {
          const square = half == 0 ? square0 : square1
          const product = half == 0 ? product0 : product1
          const moved = f64x2.sqrt(half == 0 ? length0 : length1)
          if (accuracy >= 0) {
            const left = violation(candidate + half, out + half)
            ordinary = v128.and(ordinary, f64x2.eq(left, left))
            isWithin = v128.or(isWithin, f64x2.le(f64x2.add(left, f64x2.splat(slack)), f64x2.splat(accuracy)))
          }
          const residual = f64x2.sqrt(square)
          v128.store(residuals + (<usize>quad << 5) + half, residual)
          above = v128.or(above, f64x2.gt(residual, f64x2.splat(until)))
          const lowest = f64x2.sub(
            f64x2.mul(f64x2.mul(f64x2.splat(modulus), moved), moved), f64x2.mul(f64x2.splat(doubt), moved),
          )
          const isWrong = f64x2.lt(product, lowest)
          ordinary = v128.and(ordinary, v128.andnot(f64x2.lt(square, f64x2.splat(Infinity)), isWrong))
        }
        problem += problemBytes
        z += 3 * size
        next += pitch
        error += size
      }
      ordinary = v128.and(ordinary, project(quads, work, pitch, guesses, room))
      if (i64x2.all_true(ordinary) && (!v128.any_true(above) || v128.any_true(isWithin))) return ~taken
    }
    if (!i64x2.all_true(ordinary)) return taken
    z = points
    next = work
    for (let quad = 0; quad < quads; quad++) {
      add(z + size, isExtra ? next + size : z, z, next)
      if (goal >= 0) {
        const best = bests + <usize>quad * (32 + size)
        const residual = residuals + (<usize>quad << 5)
        keep(best, at(residual), goal, next + size)
        keep(best + 16, at(residual + 16), goal, next + size + 16)
      }
      z += 3 * size
      next += pitch
    }
    errors += isExtra ? 2 * stride : stride
  }
  return steps
}
