/** Vectors. Sums run in the order of `Vector.dot`: element i goes to accumulator i mod 4; (s0 + s1) + (s2 + s3) at the end. */
import { bytes, madd, zero } from "./simd"

/** What squares lose to underflow is below an ulp of this (as `Vector.isSafeSum`). */
const leastSum: f64 = 1.0020841800044864e-292

/** The sum of the four accumulators, and of up to three elements that are left at `x` and `y`. */
@inline
export function finish(low: v128, high: v128, x: usize, y: usize, left: i32): f64 {
  let s0 = f64x2.extract_lane(low, 0)
  let s1 = f64x2.extract_lane(low, 1)
  let s2 = f64x2.extract_lane(high, 0)
  if (left > 0) s0 += load<f64>(x) * load<f64>(y)
  if (left > 1) s1 += load<f64>(x, 8) * load<f64>(y, 8)
  if (left > 2) s2 += load<f64>(x, 16) * load<f64>(y, 16)
  return s0 + s1 + (s2 + f64x2.extract_lane(high, 1))
}

/** The inner product; see the order above. The relaxed build starts with four times as many accumulators. */
export function dot(n: i32, x: usize, y: usize): f64 {
  let low = zero()
  let high = zero()
  if (ASC_FEATURE_RELAXED_SIMD) {
    // A fused multiply-add takes four cycles, so two sums at a time would leave most of the machine idle.
    let s2 = zero(), s3 = zero(), s4 = zero(), s5 = zero(), s6 = zero(), s7 = zero()
    for (const end = x + bytes<f64>(n & ~15); x < end; x += 128) {
      low = madd<f64>(v128.load(x), v128.load(y), low)
      high = madd<f64>(v128.load(x, 16), v128.load(y, 16), high)
      s2 = madd<f64>(v128.load(x, 32), v128.load(y, 32), s2)
      s3 = madd<f64>(v128.load(x, 48), v128.load(y, 48), s3)
      s4 = madd<f64>(v128.load(x, 64), v128.load(y, 64), s4)
      s5 = madd<f64>(v128.load(x, 80), v128.load(y, 80), s5)
      s6 = madd<f64>(v128.load(x, 96), v128.load(y, 96), s6)
      s7 = madd<f64>(v128.load(x, 112), v128.load(y, 112), s7)
      y += 128
    }
    low = f64x2.add(f64x2.add(low, s2), f64x2.add(s4, s6))
    high = f64x2.add(f64x2.add(high, s3), f64x2.add(s5, s7))
    n &= 15
  }
  const end = x + bytes<f64>(n & ~3)
  while (x < end) {
    low = madd<f64>(v128.load(x), v128.load(y), low)
    high = madd<f64>(v128.load(x, 16), v128.load(y, 16), high)
    x += 32
    y += 32
  }
  return finish(low, high, x, y, n & 3)
}

/** The largest magnitude; NaN if any element is NaN. */
export function maxAbs(n: i32, x: usize): f64 {
  let largest: f64 = 0
  for (let i = 0; i < n; i++) {
    const value = abs(load<f64>(x + bytes<f64>(i)))
    if (value > largest) largest = value
    else if (value != value) return NaN
  }
  return largest
}

/** The Euclidean norm: a plain sum where that is safe, else a pass scaled by the largest element (as `Vector.norm`). */
export function norm(n: i32, x: usize): f64 {
  const sum = dot(n, x, x)
  if (sum >= leastSum && sum < Infinity) return sqrt(sum)
  const largest = maxAbs(n, x)
  if (largest == 0 || !(largest < Infinity)) return largest
  let scaled: f64 = 0
  for (let i = 0; i < n; i++) {
    const ratio = load<f64>(x + bytes<f64>(i)) / largest
    scaled += ratio * ratio
  }
  return largest * sqrt(scaled)
}

/** y += alpha x. */
export function axpy(n: i32, alpha: f64, x: usize, y: usize): void {
  const a = f64x2.splat(alpha)
  const end = x + bytes<f64>(n & ~3)
  while (x < end) {
    const low = madd<f64>(a, v128.load(x), v128.load(y))
    const high = madd<f64>(a, v128.load(x, 16), v128.load(y, 16))
    v128.store(y, low)
    v128.store(y, high, 16)
    x += 32
    y += 32
  }
  for (let left = n & 3; left > 0; left--) {
    store<f64>(y, load<f64>(y) + alpha * load<f64>(x))
    x += 8
    y += 8
  }
}

/** x = c x - s y and y = s x + c y. */
export function rotate(n: i32, c: f64, s: f64, x: usize, y: usize): void {
  const cs = f64x2.splat(c)
  const ss = f64x2.splat(s)
  const end = x + bytes<f64>(n & ~1)
  while (x < end) {
    const u = v128.load(x)
    const v = v128.load(y)
    v128.store(x, f64x2.sub(f64x2.mul(cs, u), f64x2.mul(ss, v)))
    v128.store(y, f64x2.add(f64x2.mul(ss, u), f64x2.mul(cs, v)))
    x += 16
    y += 16
  }
  if (n & 1) {
    const u = load<f64>(x)
    const v = load<f64>(y)
    store<f64>(x, c * u - s * v)
    store<f64>(y, s * u + c * v)
  }
}

/** x *= alpha. */
export function scale<T>(n: i32, alpha: T, x: usize): void {
  const a = v128.splat<T>(alpha)
  const end = x + bytes<T>(n)
  while (x + 16 <= end) {
    v128.store(x, v128.mul<T>(a, v128.load(x)))
    x += 16
  }
  while (x < end) {
    store<T>(x, alpha * load<T>(x))
    x += sizeof<T>()
  }
}

