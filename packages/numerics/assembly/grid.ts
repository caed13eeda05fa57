/**
 * Rows as integers of a grid, clipped to a ball: the twin of `reference/Grid.ts`. No multiply-add is fused, whatever the build. Where a row
 * does not end with a vector, zeros stand for what is missing: they change no sum.
 */
import { bytes, zero } from "./simd"
import { maxAbs } from "./vector"

/** As `Vector.isSafeSum`. */
const leastSum: f64 = 1.0020841800044864e-292
/** Norms of longer rows might overflow. */
const longest: f64 = 1e200
/** 2^-60. */
const shorter: f64 = 8.673617379884035e-19

/** Bytes of a row that fill vectors; what is left of it is one number, in a vector with 0. */
@inline
function whole(n: usize): usize {
  return n & ~15
}

@inline
function halfOf(x: v128): v128 {
  return f64x2.mul(x, f64x2.splat(0.5))
}

/** The row minus the centre, halves of both subtracted and the difference times `size`. */
@inline
function centre(n: usize, from: usize, center: usize, size: f64, row: usize): void {
  const sizes = f64x2.splat(size)
  const filled = whole(n)
  for (let at: usize = 0; at < filled; at += 16) {
    const x = f64x2.sub(halfOf(v128.load(from + at)), halfOf(v128.load(center + at)))
    v128.store(row + at, f64x2.mul(x, sizes))
  }
  if (filled < n) {
    const x = f64x2.sub(halfOf(v128.load64_zero(from + filled)), halfOf(v128.load64_zero(center + filled)))
    v128.store64_lane(row + filled, f64x2.mul(x, sizes), 0)
  }
}

/** The sum of squares in the order of `Vector.dot`. */
@inline
function squares(n: usize, row: usize): f64 {
  let low = zero()
  let high = zero()
  let at: usize = 0
  for (const end = n & ~31; at < end; at += 32) {
    const x = v128.load(row + at)
    const y = v128.load(row + at, 16)
    low = f64x2.add(low, f64x2.mul(x, x))
    high = f64x2.add(high, f64x2.mul(y, y))
  }
  if (n & 16) {
    const x = v128.load(row + at)
    low = f64x2.add(low, f64x2.mul(x, x))
  }
  if (n & 8) {
    const x = v128.load64_zero(row + whole(n))
    if (n & 16) high = f64x2.add(high, f64x2.mul(x, x))
    else low = f64x2.add(low, f64x2.mul(x, x))
  }
  return (
    f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) +
    (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1))
  )
}

/** As `Vector.norm`, of a row that is centred again where its squares have digits to lose. */
function normSafely(d: i32, from: usize, center: usize, row: usize): f64 {
  const n = bytes<f64>(d)
  centre(n, from, center, 1, row)
  const size: f64 = maxAbs(d, row) > longest ? shorter : 2
  for (let at = row; at < row + n; at += 8) store<f64>(at, load<f64>(at) * size)
  const sum = squares(n, row)
  if (sum >= leastSum && sum < Infinity) return sqrt(sum)
  const largest = maxAbs(d, row)
  if (largest == 0 || !(largest < Infinity)) return largest
  let scaled: f64 = 0
  for (let at = row; at < row + n; at += 8) {
    const ratio = load<f64>(at) / largest
    scaled += ratio * ratio
  }
  return largest * sqrt(scaled)
}

/** The integer nearest to half of what is given, halves up, without the negative zero. */
@inline
function nearestHalf(twice: v128): v128 {
  return f64x2.add(f64x2.ceil(halfOf(f64x2.floor(twice))), zero())
}

/** The integers nearest to `factor` times the row, halves up; gives the sum of their squares. */
@inline
function nearest(n: usize, row: usize, factor: f64, out: usize): f64 {
  const twice = f64x2.splat(2 * factor)
  let sum = zero()
  const filled = whole(n)
  for (let at: usize = 0; at < filled; at += 16) {
    const value = nearestHalf(f64x2.mul(v128.load(row + at), twice))
    sum = f64x2.add(sum, f64x2.mul(value, value))
    v128.store(out + at, value)
  }
  if (filled < n) {
    const value = nearestHalf(f64x2.mul(v128.load64_zero(row + filled), twice))
    sum = f64x2.add(sum, f64x2.mul(value, value))
    v128.store64_lane(out + filled, value, 0)
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** As `nearest`, towards zero, of `share` of the numbers. */
@inline
function towardsZero(n: usize, row: usize, factor: f64, share: f64, out: usize): f64 {
  let sum: f64 = 0
  for (let at: usize = 0; at < n; at += 8) {
    const value = trunc(load<f64>(row + at) * factor * share) + 0
    sum += value * value
    store<f64>(out + at, value)
  }
  return sum
}

/** Writes `count` rows of `d` numbers to `out`; `ball` has bound, steps and the largest square, and `work` room for a row. Gives how many were longer than the bound. */
export function quantise(count: i32, d: i32, rows: usize, center: usize, ball: usize, out: usize, work: usize): i32 {
  const bound = load<f64>(ball), steps = load<f64>(ball, 8), largest = load<f64>(ball, 16)
  const n = bytes<f64>(d)
  let clipped = 0
  for (let r = 0; r < count; r++) {
    centre(n, rows, center, 2, work)
    const sum = squares(n, work)
    const norm = sum >= leastSum && sum < Infinity ? sqrt(sum) : normSafely(d, rows, center, work)
    let factor = steps
    if (norm > bound) {
      clipped++
      const norms = f64x2.splat(norm)
      const filled = whole(n)
      for (let at = work; at < work + filled; at += 16) v128.store(at, f64x2.div(v128.load(at), norms))
      if (filled < n) store<f64>(work + filled, load<f64>(work + filled) / norm)
      factor = bound * steps
    }
    if (
      !(nearest(n, work, factor, out) <= largest) &&
      !(towardsZero(n, work, factor, 1, out) <= largest)
    ) {
      // 1 - 2^-18
      towardsZero(n, work, factor, 0.9999961853027344, out)
    }
    rows += n
    out += n
  }
  return clipped
}
