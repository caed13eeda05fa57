/**
 * Vectors as `Float64Array`: sums in one fixed order, and norms that neither overflow nor underflow.
 *
 * The summation order is part of the contract, because golden values depend on it: element i goes to accumulator i mod 4, in
 * increasing i. The result is (s0 + s1) + (s2 + s3).
 */
import * as Elementary from "./Elementary.ts"
import { invalid } from "./InvalidInput.ts"

/**
 * Smallest sum of squares for which underflow is harmless. Squares of less than 2^-1022 lose 2^-1075 each, which is below an
 * ulp of this sum for any number of them.
 */
const leastSum = 1.0020841800044864e-292

/**
 * Tests whether the square root of a plain sum of squares is an accurate norm. The sum must not overflow, nor lose digits to
 * underflow. For loops that compute the sum themselves, and otherwise use `norm`.
 */
export const isSafeSum = (squares: number): boolean => squares >= leastSum && squares < Infinity

const checkPair = (operation: string, a: Float64Array, b: Float64Array) => {
  if (a.length !== b.length) {
    invalid(operation, "both vectors must have the same length", {
      first: a.length,
      second: b.length,
    })
  }
}

/** The inner product of two vectors of the same length; 0 for length 0. Throws InvalidInput on different lengths. */
export const dot = (a: Float64Array, b: Float64Array): number => {
  checkPair("Vector.dot", a, b)
  return dotAt(a, 0, b)
}

/**
 * Inner product of b with the same number of elements of `a` from `from` on, such as a row of a matrix; NaN if `a` is too
 * short.
 *
 * @internal
 */
export const dotAt = (a: Float64Array, from: number, b: Float64Array): number => {
  const n = b.length
  const whole = n - (n % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i < whole; i += 4) {
    s0 += a[from + i]! * b[i]!
    s1 += a[from + i + 1]! * b[i + 1]!
    s2 += a[from + i + 2]! * b[i + 2]!
    s3 += a[from + i + 3]! * b[i + 3]!
  }
  if (i < n) s0 += a[from + i]! * b[i]!
  if (i + 1 < n) s1 += a[from + i + 1]! * b[i + 1]!
  if (i + 2 < n) s2 += a[from + i + 2]! * b[i + 2]!
  return s0 + s1 + (s2 + s3)
}

/** The largest |a_i|; 0 for length 0, NaN if any element is NaN. */
export const maxAbs = (a: Float64Array): number => {
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const value = Math.abs(a[i]!)
    if (value > largest) largest = value
    else if (value !== value) return NaN
  }
  return largest
}

/**
 * The Euclidean norm, safe from overflow and underflow; NaN if any element is NaN, else Infinity if any is infinite.
 *
 * A plain sum of squares where that is safe. If the sum is below 1e-292 or not finite, a second pass scales by the largest
 * element.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Vector } from "@nonconvex/numerics"
 *
 * Vector.norm(Float64Array.of(3e200, 4e200)) / 1e200 // ≈ 5.000
 * ```
 */
export const norm = (a: Float64Array): number => {
  const sum = dot(a, a)
  if (isSafeSum(sum)) return Math.sqrt(sum)
  const largest = maxAbs(a)
  if (largest === 0 || !(largest < Infinity)) return largest
  let scaled = 0
  for (let i = 0; i < a.length; i++) {
    const ratio = a[i]! / largest
    scaled += ratio * ratio
  }
  return largest * Math.sqrt(scaled)
}

/**
 * Divides x by its norm, in place, and returns the norm; x is unchanged if that is 0 or not finite. The result has norm 1
 * even if the norm is subnormal and inaccurate.
 */
export const normalise = (x: Float64Array): number => {
  const length = norm(x)
  if (length === 0 || !(length < Infinity)) return length
  if (length > 1e-290) {
    scale(1 / length, x)
  } else {
    // Exact, and leads back to numbers with all their digits.
    scale(2 ** 600, x)
    scale(1 / norm(x), x)
  }
  return length
}

/**
 * The Euclidean distance |a - b|, safe from overflow and underflow of the squares. Throws InvalidInput on different lengths.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Vector } from "@nonconvex/numerics"
 *
 * Vector.distance(Float64Array.of(1, 1), Float64Array.of(4, 5)) // => 5
 * ```
 */
export const distance = (a: Float64Array, b: Float64Array): number => {
  checkPair("Vector.distance", a, b)
  const n = a.length
  const whole = n - (n % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i < whole; i += 4) {
    const d0 = a[i]! - b[i]!
    const d1 = a[i + 1]! - b[i + 1]!
    const d2 = a[i + 2]! - b[i + 2]!
    const d3 = a[i + 3]! - b[i + 3]!
    s0 += d0 * d0
    s1 += d1 * d1
    s2 += d2 * d2
    s3 += d3 * d3
  }
  if (i < n) s0 += Elementary.square(a[i]! - b[i]!)
  if (i + 1 < n) s1 += Elementary.square(a[i + 1]! - b[i + 1]!)
  if (i + 2 < n) s2 += Elementary.square(a[i + 2]! - b[i + 2]!)
  const sum = s0 + s1 + (s2 + s3)
  if (isSafeSum(sum)) return Math.sqrt(sum)
  let largest = 0
  for (let j = 0; j < n; j++) {
    const difference = Math.abs(a[j]! - b[j]!)
    if (difference > largest) largest = difference
    else if (difference !== difference) return NaN
  }
  if (largest === 0 || largest === Infinity) return largest
  let scaled = 0
  for (let j = 0; j < n; j++) {
    const ratio = (a[j]! - b[j]!) / largest
    scaled += ratio * ratio
  }
  return largest * Math.sqrt(scaled)
}

/**
 * y += alpha x, in place. Throws InvalidInput on different lengths.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Vector } from "@nonconvex/numerics"
 *
 * const y = Float64Array.of(1, 1)
 * Vector.axpy(2, Float64Array.of(1, 3), y)
 * Array.from(y) // => [3, 7]
 * ```
 */
export const axpy = (alpha: number, x: Float64Array, y: Float64Array): void => {
  checkPair("Vector.axpy", x, y)
  for (let i = 0; i < x.length; i++) y[i] = y[i]! + alpha * x[i]!
}

/** x *= alpha, in place. */
export const scale = (alpha: number, x: Float64Array): void => {
  for (let i = 0; i < x.length; i++) x[i] = alpha * x[i]!
}

/** Tests whether every element is finite; true for length 0. */
export const isFinite = (a: Float64Array): boolean => {
  // Infinity - Infinity and NaN - NaN are NaN; two sums without a branch, which do not wait for each other
  let even = 0
  let odd = a.length % 2 === 1 ? a[0]! - a[0]! : 0
  for (let i = a.length % 2; i < a.length; i += 2) {
    even += a[i]! - a[i]!
    odd += a[i + 1]! - a[i + 1]!
  }
  return even + odd === 0
}
