import type { SpectralKernels } from "../kernels/SpectralKernels.ts"

/** C = alpha A op(B) + beta C for matrices that begin their arrays, each followed by its elements from row to row: see `product`. */
export const multiply = (
  { product }: SpectralKernels,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  lda: number,
  b: Float64Array,
  ldb: number,
  beta: number,
  c: Float64Array,
  ldc: number,
): void => product(false, transposeB, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, c, 0, ldc)
