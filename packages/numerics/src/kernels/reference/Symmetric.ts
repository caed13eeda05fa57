/** Updates of rank one and k: the twin of `assembly/symmetric.ts`. */
import type { SymmetricKernels } from "../SymmetricKernels.ts"
import { gemm } from "./Gemm.ts"

/** The upper triangle becomes the mirror of the lower. */
const mirror = (n: number, c: Float64Array) => {
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) c[j * n + i] = c[i * n + j]!
}

/** C = alpha A A^T + beta C, or alpha A^T A + beta C; both triangles, of which only the lower is read. */
export const syrk: SymmetricKernels["syrk"] = (transpose, n, k, alpha, a, beta, c) => {
  gemm(transpose, !transpose, n, n, k, alpha, a, a, beta, c)
  mirror(n, c)
}

/** A += alpha x y^T. */
export const ger: SymmetricKernels["ger"] = (m, n, alpha, x, y, a) => {
  for (let i = 0; i < m; i++) {
    const coefficient = alpha * x[i]!
    const row = i * n
    for (let j = 0; j < n; j++) a[row + j] = a[row + j]! + coefficient * y[j]!
  }
}
