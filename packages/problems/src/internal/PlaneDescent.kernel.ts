/**
 * Runs of gradient descent, SAM and USAM on two objectives of the plane. These are (x y - target)^2 / 2, with two runs in the
 * lanes of a vector, and (base + amplitude sin x) y^2 / 2.
 *
 * Only the ordinary case is handled here. Runs stop early if a gradient is 0 or a number nears overflow, so that `step`
 * handles these cases. They stop one step earlier, because `step` reads the buffers of the previous step. `numbers` are
 * rate, radius, and those of the objective. Behind the points there is room for two copies of them.
 */
import { cosine, farthest, sine, turn } from "../../../numerics/assembly/trigonometry"

/** Range of sums of squares in which a root loses no digits and nothing overflows. */
const least: f64 = 1.0020841800044864e-292
const most: f64 = 1e300

/** Place of a step's gradient: at the point, at w + radius g / |g|, or at w + radius g. */
const plain: i32 = 0
const normalised: i32 = 1
const unnormalised: i32 = 2

/** Leaves the points as they were one step before the last of `taken`, and returns how many steps that are. */
@inline
function back(size: usize, points: usize, before: usize, taken: i32): i32 {
  if (taken == 0) return 0
  if (before != points) memory.copy(points, before, size)
  return taken - 1
}

@inline
function settle(size: usize, points: usize, now: usize, steps: i32): i32 {
  if (now != points) memory.copy(points, now, size)
  return steps
}

@inline
function squaresOf(x: v128, y: v128): v128 {
  return f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y))
}

/** Ones in the lanes that are below the largest and not below `low`; zeros in lanes with NaN. */
@inline
function within(sum: v128, low: f64): v128 {
  return v128.and(f64x2.ge(sum, f64x2.splat(low)), f64x2.lt(sum, f64x2.splat(most)))
}

/**
 * A single pair of runs stays in registers. Several pairs take each step one after the other, and the processor overlaps them.
 */
@inline
function runProduct(kind: i32, isOne: bool, steps: i32, pairs: i32, numbers: usize, points: usize): i32 {
  const rate = v128.load64_splat(numbers), radius = v128.load64_splat(numbers, 8), target = v128.load64_splat(numbers, 16)
  const low = kind == normalised ? least : 0
  const size = <usize>pairs << 5
  let before = points + size, now = points, next = points + 2 * size
  let x = v128.load(points), y = v128.load(points, 16)
  let lastX = x, lastY = y
  for (let taken = 0; taken < steps; taken++) {
    let ordinary = i64x2.splat(-1)
    for (let at: usize = 0; at < size; at += 32) {
      if (!isOne) {
        x = v128.load(now + at)
        y = v128.load(now + at, 16)
      }
      let residual = f64x2.sub(f64x2.mul(x, y), target)
      let gx = f64x2.mul(residual, y)
      let gy = f64x2.mul(residual, x)
      const squares = squaresOf(gx, gy)
      ordinary = v128.and(ordinary, v128.and(within(squares, low), within(f64x2.mul(residual, residual), 0)))
      if (kind != plain) {
        const scale = kind == normalised ? f64x2.div(radius, f64x2.sqrt(squares)) : radius
        const px = f64x2.add(x, f64x2.mul(scale, gx))
        const py = f64x2.add(y, f64x2.mul(scale, gy))
        residual = f64x2.sub(f64x2.mul(px, py), target)
        gx = f64x2.mul(residual, py)
        gy = f64x2.mul(residual, px)
        ordinary = v128.and(v128.and(ordinary, within(scale, 0)), v128.and(within(squaresOf(gx, gy), 0), within(f64x2.mul(residual, residual), 0)))
      }
      const movedX = f64x2.sub(x, f64x2.mul(rate, gx))
      const movedY = f64x2.sub(y, f64x2.mul(rate, gy))
      if (isOne) {
        if (!i64x2.all_true(ordinary)) {
          v128.store(points, lastX)
          v128.store(points, lastY, 16)
          return max(taken - 1, 0)
        }
        lastX = x
        lastY = y
        x = movedX
        y = movedY
        break
      }
      v128.store(next + at, movedX)
      v128.store(next + at, movedY, 16)
    }
    if (isOne) continue
    if (!i64x2.all_true(ordinary)) return back(size, points, before, taken)
    const free = before
    before = now
    now = next
    next = free
  }
  if (!isOne) return settle(size, points, now, steps)
  v128.store(points, x)
  v128.store(points, y, 16)
  return steps
}

@inline
function runPairs(kind: i32, steps: i32, pairs: i32, numbers: usize, points: usize): i32 {
  if (pairs == 1) return runProduct(kind, true, steps, pairs, numbers, points)
  return runProduct(kind, false, steps, pairs, numbers, points)
}

/** Takes up to `steps` steps on (x y - target)^2 / 2 and returns how many; of a pair x comes before y. */
export function product(kind: i32, steps: i32, pairs: i32, numbers: usize, points: usize): i32 {
  if (kind == normalised) return runPairs(normalised, steps, pairs, numbers, points)
  if (kind == unnormalised) return runPairs(unnormalised, steps, pairs, numbers, points)
  return runPairs(plain, steps, pairs, numbers, points)
}

let gx: f64 = 0
let gy: f64 = 0
let squares: f64 = 0

/** The gradient of (base + amplitude sin x) y^2 / 2, and whether it is ordinary. */
@inline
function evaluateValley(base: f64, amplitude: f64, x: f64, y: f64, low: f64): bool {
  if (!(abs(x) <= farthest)) return false
  turn(x)
  const a = base + amplitude * sine
  gx = 0.5 * (amplitude * cosine) * y * y
  gy = a * y
  squares = gx * gx + gy * gy
  return squares >= low && squares < most && abs(0.5 * a * y * y) < most
}

/** Takes up to `steps` steps on (base + amplitude sin x) y^2 / 2 and returns how many. */
export function valley(kind: i32, steps: i32, runs: i32, numbers: usize, points: usize): i32 {
  const rate = load<f64>(numbers), radius = load<f64>(numbers, 8)
  const base = load<f64>(numbers, 16), amplitude = load<f64>(numbers, 24)
  const low = kind == normalised ? least : 0
  const size = <usize>runs << 4
  let before = points + size, now = points, next = points + 2 * size
  for (let taken = 0; taken < steps; taken++) {
    for (let i: usize = 0; i < size; i += 16) {
      const x = load<f64>(now + i)
      const y = load<f64>(now + i, 8)
      let isOrdinary = evaluateValley(base, amplitude, x, y, low)
      if (kind != plain) {
        const scale = kind == normalised ? radius / sqrt(squares) : radius
        isOrdinary = isOrdinary && evaluateValley(base, amplitude, x + scale * gx, y + scale * gy, 0) && scale < most
      }
      if (!isOrdinary) return back(size, points, before, taken)
      store<f64>(next + i, x - rate * gx)
      store<f64>(next + i, y - rate * gy, 8)
    }
    const free = before
    before = now
    now = next
    next = free
  }
  return settle(size, points, now, steps)
}
