/**
 * Whole runs of small descents, two points in the lanes of a vector: the twin of `reference/Descent.ts`.
 *
 * A run stops before the first step in which a number of any point comes near to where the numbers end: that step is for the method itself, with
 * all its cases. So no case is here but the ordinary one, and a product and a sum are never fused.
 */
import { bytes } from "./simd"

/** Sums of squares from which on a root loses no digits, and up to which nothing overflows. */
export const least: f64 = 1.0020841800044864e-292
export const most: f64 = 1e300

export const normalised: i32 = 1
const unnormalised: i32 = 2

/** Ones in the lanes that are below the largest and not below `low`; no lane that is no number is. */
@inline
export function within(sum: v128, low: f64): v128 {
  return v128.and(f64x2.ge(sum, f64x2.splat(low)), f64x2.lt(sum, f64x2.splat(most)))
}

/** What the gradient is multiplied by on the way to the perturbed point. */
@inline
export function reach(kind: i32, radius: v128, sum: v128): v128 {
  return kind == normalised ? f64x2.div(radius, f64x2.sqrt(sum)) : radius
}

@inline
function squares(x: v128, y: v128): v128 {
  return f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y))
}

/** x y - target; nothing is taken off where the target is 0, for the same bits. */
@inline
function residual(isCentred: bool, x: v128, y: v128, target: v128): v128 {
  return isCentred ? f64x2.mul(x, y) : f64x2.sub(f64x2.mul(x, y), target)
}

/** Ones in the lanes where loss and gradient of (x y - target)^2 / 2 are ordinary. */
@inline
function isOrdinary(r: v128, gx: v128, gy: v128, low: f64): v128 {
  return v128.and(within(squares(gx, gy), low), within(f64x2.mul(r, r), 0))
}

/** One step on sum_i h_i (x_i - c_i)^2 / 2 in n variables, with ones in the lanes where it is ordinary; `gradient` holds n vectors. */
@inline
export function stepDiagonal(
  kind: i32, rate: v128, radius: v128, n: i32, spectrum: usize, center: usize, from: usize, to: usize, gradient: usize,
): v128 {
  let sum = f64x2.splat(0)
  let loss = f64x2.splat(0)
  for (let i = 0; i < n; i++) {
    const offset = f64x2.sub(v128.load(from + (<usize>i << 4)), v128.load64_splat(center + bytes<f64>(i)))
    const g = f64x2.mul(v128.load64_splat(spectrum + bytes<f64>(i)), offset)
    v128.store(gradient + (<usize>i << 4), g)
    sum = f64x2.add(sum, f64x2.mul(g, g))
    loss = f64x2.add(loss, f64x2.abs(f64x2.mul(g, offset)))
  }
  let ordinary = v128.and(within(sum, kind == normalised ? least : 0), within(loss, 0))
  if (kind != 0) {
    const scale = reach(kind, radius, sum)
    sum = f64x2.splat(0)
    loss = f64x2.splat(0)
    for (let i = 0; i < n; i++) {
      const at = gradient + (<usize>i << 4)
      const p = f64x2.add(v128.load(from + (<usize>i << 4)), f64x2.mul(scale, v128.load(at)))
      const offset = f64x2.sub(p, v128.load64_splat(center + bytes<f64>(i)))
      const g = f64x2.mul(v128.load64_splat(spectrum + bytes<f64>(i)), offset)
      v128.store(at, g)
      sum = f64x2.add(sum, f64x2.mul(g, g))
      loss = f64x2.add(loss, f64x2.abs(f64x2.mul(g, offset)))
    }
    ordinary = v128.and(v128.and(ordinary, within(scale, 0)), v128.and(within(sum, 0), within(loss, 0)))
  }
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 4
    v128.store(to + at, f64x2.sub(v128.load(from + at), f64x2.mul(rate, v128.load(gradient + at))))
  }
  return ordinary
}

/** Brings what the last step left to where the caller has it. */
@inline
export function settle(size: usize, points: usize, now: usize, taken: i32): i32 {
  if (now != points) memory.copy(points, now, size)
  return taken
}

/** A pair of points stays in registers for the whole run, and several take each step one after the other: the processor overlaps them. */
@inline
function runProduct(
  kind: i32, isCentred: bool, isOne: bool, steps: i32, given: f64, reached: f64, goal: f64, vectors: i32, points: usize, work: usize,
): i32 {
  const rate = f64x2.splat(given), radius = f64x2.splat(reached), target = f64x2.splat(goal)
  const size = <usize>vectors << 5
  let now = points
  let next = work
  let x = v128.load(points), y = v128.load(points, 16)
  let taken = 0
  for (; taken < steps; taken++) {
    let ordinary = i64x2.splat(-1)
    for (let at: usize = 0; at < size; at += 32) {
      if (!isOne) {
        x = v128.load(now + at)
        y = v128.load(now + at, 16)
      }
      let r = residual(isCentred, x, y, target)
      let gx = f64x2.mul(r, y)
      let gy = f64x2.mul(r, x)
      ordinary = v128.and(ordinary, isOrdinary(r, gx, gy, kind == normalised ? least : 0))
      if (kind != 0) {
        const scale = reach(kind, radius, squares(gx, gy))
        const px = f64x2.add(x, f64x2.mul(scale, gx))
        const py = f64x2.add(y, f64x2.mul(scale, gy))
        r = residual(isCentred, px, py, target)
        gx = f64x2.mul(r, py)
        gy = f64x2.mul(r, px)
        ordinary = v128.and(v128.and(ordinary, within(scale, 0)), isOrdinary(r, gx, gy, 0))
      }
      const movedX = f64x2.sub(x, f64x2.mul(rate, gx))
      const movedY = f64x2.sub(y, f64x2.mul(rate, gy))
      if (!isOne) {
        v128.store(next + at, movedX)
        v128.store(next + at, movedY, 16)
      } else {
        if (!i64x2.all_true(ordinary)) {
          v128.store(points, x)
          v128.store(points, y, 16)
          return taken
        }
        x = movedX
        y = movedY
        break
      }
    }
    if (isOne) continue
    if (!i64x2.all_true(ordinary)) break
    const before = now
    now = next
    next = before
  }
  if (isOne) {
    v128.store(points, x)
    v128.store(points, y, 16)
    return taken
  }
  return settle(size, points, now, taken)
}

@inline
function runOneOrMany(
  kind: i32, steps: i32, rate: f64, radius: f64, target: f64, vectors: i32, points: usize, work: usize,
): i32 {
  if (vectors > 1) return runProduct(kind, false, false, steps, rate, radius, target, vectors, points, work)
  if (target == 0) return runProduct(kind, true, true, steps, rate, radius, target, vectors, points, work)
  return runProduct(kind, false, true, steps, rate, radius, target, vectors, points, work)
}

/** Takes up to `steps` steps of `vectors` pairs of points, x and y of a pair one after the other; returns how many. `work` is as large as `points`. */
export function descendProduct(
  kind: i32, steps: i32, rate: f64, radius: f64, target: f64, vectors: i32, points: usize, work: usize,
): i32 {
  if (kind == normalised) return runOneOrMany(normalised, steps, rate, radius, target, vectors, points, work)
  if (kind == unnormalised) return runOneOrMany(unnormalised, steps, rate, radius, target, vectors, points, work)
  return runOneOrMany(0, steps, rate, radius, target, vectors, points, work)
}
