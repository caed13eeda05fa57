/** Matrix times vector: the twin of `assembly/gemv.ts`, with the same order of every sum. */
import * as Vector from "../../Vector.ts"
import type { Floats } from "../Staging.ts"

/** gemv without the transposition, of one element type. */
export type Twin<A extends Floats> = (
  ...given: [m: number, n: number, alpha: number, a: A, x: A, beta: number, y: A]
) => void

/** y = alpha A x + beta y, A m x n; y is not read where beta is 0. */
export const multiply: Twin<Float64Array> = (m, n, alpha, a, x, beta, y) => {
  for (let i = 0; i < m; i++) {
    const value = Vector.dotAt(a, i * n, x)
    y[i] = beta === 0 ? alpha * value : beta * y[i]! + alpha * value
  }
}

/** y = beta y, set and not read where beta is 0. */
const start = (beta: number, y: Float64Array) => {
  if (beta === 0) y.fill(0)
  else if (beta !== 1) Vector.scale(beta, y)
}

/** y = alpha A^T x + beta y, A m x n. */
export const multiplyTransposed: Twin<Float64Array> = (m, n, alpha, a, x, beta, y) => {
  start(beta, y)
  for (let i = 0; i < m; i++) {
    const row = i * n
    const coefficient = alpha * x[i]!
    for (let j = 0; j < n; j++) y[j] = y[j]! + coefficient * a[row + j]!
  }
}
