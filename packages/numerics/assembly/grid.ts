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

/** Two numbers, or the last one and 0. */
@inline
function pair(at: usize, end: usize): v128 {
  return at + 16 <= end ? v128.load(at) : v128.load64_zero(at)
}

@inline
function put(at: usize, end: usize, value: v128): void {
  if (at + 16 <= end) v128.store(at, value)
  else v128.store64_lane(at, value, 0)
}

/** The row minus the centre, halves of both subtracted and the difference times `size`. */
@inline
function centre(n: usize, from: usize, center: usize, size: f64, row: usize): void {
  const half = f64x2.splat(0.5)
  const sizes = f64x2.splat(size)
  const end = row + n
  for (; row < end; row += 16) {
    const x = f64x2.sub(f64x2.mul(pair(from, from + (end - row)), half), f64x2.mul(pair(center, center + (end - row)), half))
    put(row, end, f64x2.mul(x, sizes))
    from += 16
    center += 16
  }
}

/** The sum of squares in the order of `Vector.dot`. */
@inline
function squares(n: usize, row: usize): f64 {
  let low = zero()
  let high = zero()
  const end = row + n
  for (; row < end; row += 32) {
    const x = pair(row, end)
    low = f64x2.add(low, f64x2.mul(x, x))
    if (row + 16 >= end) break
    const y = pair(row + 16, end)
    high = f64x2.add(high, f64x2.mul(y, y))
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

/** The integers nearest to `factor` times the row, halves up; gives the sum of their squares. */
@inline
function nearest(n: usize, row: usize, factor: f64, out: usize): f64 {
  const twice = f64x2.splat(2 * factor)
  const half = f64x2.splat(0.5)
  let sum = zero()
  const end = row + n
  const last = out + n
  for (; row < end; row += 16) {
    const floor = f64x2.floor(f64x2.mul(pair(row, end), twice))
    // without the negative zero
    const value = f64x2.add(f64x2.ceil(f64x2.mul(half, floor)), zero())
    sum = f64x2.add(sum, f64x2.mul(value, value))
    put(out, last, value)
    out += 16
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** As `nearest`, towards zero, of `share` of the numbers. */
function towardsZero(n: usize, row: usize, factor: f64, share: f64, out: usize): f64 {
  const factors = f64x2.splat(factor)
  const shares = f64x2.splat(share)
  let sum = zero()
  const end = row + n
  const last = out + n
  for (; row < end; row += 16) {
    const scaled = f64x2.mul(f64x2.mul(pair(row, end), factors), shares)
    const value = f64x2.add(f64x2.trunc(scaled), zero())
    sum = f64x2.add(sum, f64x2.mul(value, value))
    put(out, last, value)
    out += 16
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Writes `count` rows of `d` numbers to `out`; `work` has room for a row. Gives how many were longer than the bound. */
export function quantise(
  count: i32, d: i32, rows: usize, center: usize, bound: f64, steps: f64, largest: f64, out: usize, work: usize,
): i32 {
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
      const end = work + n
      for (let at = work; at < end; at += 16) put(at, end, f64x2.div(pair(at, end), norms))
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
