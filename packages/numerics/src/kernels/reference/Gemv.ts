/** Matrix times vector: the twin of `assembly/gemv.ts`, with the same order of every sum. */
import * as Vector from "../../Vector.ts"

/** The inner product of x and the n numbers of `a` from `row` on. */
export const rowTimes = (n: number, a: Float64Array, row: number, x: Float64Array): number => {
  const whole = n - (n % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let j = 0
  for (; j < whole; j += 4) {
    s0 += a[row + j]! * x[j]!
    s1 += a[row + j + 1]! * x[j + 1]!
    s2 += a[row + j + 2]! * x[j + 2]!
    s3 += a[row + j + 3]! * x[j + 3]!
  }
  if (j < n) s0 += a[row + j]! * x[j]!
  if (j + 1 < n) s1 += a[row + j + 1]! * x[j + 1]!
  if (j + 2 < n) s2 += a[row + j + 2]! * x[j + 2]!
  return s0 + s1 + (s2 + s3)
}

/** y = alpha A x + beta y, A m x n; y is not read where beta is 0. */
export const multiply = (
  m: number,
  n: number,
  alpha: number,
  a: Float64Array,
  x: Float64Array,
  beta: number,
  y: Float64Array,
): void => {
  for (let i = 0; i < m; i++) {
    const value = rowTimes(n, a, i * n, x)
    y[i] = beta === 0 ? alpha * value : beta * y[i]! + alpha * value
  }
}

/** y = beta y, set and not read where beta is 0. */
const start = (beta: number, y: Float64Array) => {
  if (beta === 0) y.fill(0)
  else if (beta !== 1) Vector.scale(beta, y)
}

/** y = alpha A^T x + beta y, A m x n. */
export const multiplyTransposed = (
  m: number,
  n: number,
  alpha: number,
  a: Float64Array,
  x: Float64Array,
  beta: number,
  y: Float64Array,
): void => {
  start(beta, y)
  for (let i = 0; i < m; i++) {
    const row = i * n
    const coefficient = alpha * x[i]!
    for (let j = 0; j < n; j++) y[j] = y[j]! + coefficient * a[row + j]!
  }
}
