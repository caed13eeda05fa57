/** Updates of rank one and k: the twin of `assembly/symmetric.ts`. */
import type { Floats } from "../Staging.ts"
import { gemm } from "./Gemm.ts"

/** The upper triangle becomes the mirror of the lower. */
const mirror = (n: number, c: Float64Array) => {
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) c[j * n + i] = c[i * n + j]!
}

/** C = alpha A A^T + beta C, or alpha A^T A + beta C; both triangles, of which only the lower is read. */
export const syrk = (
  transpose: boolean,
  n: number,
  k: number,
  alpha: number,
  a: Floats,
  beta: number,
  c: Float64Array,
): void => {
  gemm(transpose, !transpose, n, n, k, alpha, a, a, beta, c)
  mirror(n, c)
}

/** A += alpha x y^T. */
export const ger = (
  m: number,
  n: number,
  alpha: number,
  x: Float64Array,
  y: Float64Array,
  a: Float64Array,
): void => {
  for (let i = 0; i < m; i++) {
    const coefficient = alpha * x[i]!
    const row = i * n
    for (let j = 0; j < n; j++) a[row + j] = a[row + j]! + coefficient * y[j]!
  }
}
