/**
 * The inner steps of eigenvalue problems. All arrays lie in the arena of the kernels, or all outside. Outside, and without
 * compiled code, the twins run with the bits of the strict build. Nothing is checked, and arrays must not overlap.
 */
import type { Engine } from "./Engine.ts"
import { product } from "./reference/Product.ts"
import { symmetricProduct } from "./reference/SymmetricProduct.ts"
import * as Tridiagonal from "./reference/Tridiagonal.ts"

export interface SpectralKernels {
  /** A -= v w^T + w v^T and p = A u; see reference/Tridiagonal. */
  readonly symmetricStep: typeof Tridiagonal.symmetricStep
  /** The Hermitian form of symmetricStep. */
  readonly hermitianStep: typeof Tridiagonal.hermitianStep
  /** y = A x, or A x + c, from the lower triangle of a symmetric matrix (n x n); x, y and c may be stored anywhere. */
  readonly symmetricProduct: typeof symmetricProduct
  /** C = alpha op(A) op(B) + beta C on parts of larger matrices: array, offset, elements from row to row. */
  readonly product: typeof product<Float64Array>
  /**
   * The eigenpairs number `from` to `to` - 1, in ascending order, of the symmetric matrix `a` (n x n), whose lower triangle is
   * read. Each vector is a row. Absent if only the steps are compiled; undefined if it refuses, as on values that are not finite.
   */
  readonly symmetricEigen?: (
    n: number,
    from: number,
    to: number,
    a: Float64Array,
  ) => { readonly values: Float64Array; readonly vectors: Float64Array } | undefined
}

export const plainSpectralKernels: SpectralKernels = {
  ...Tridiagonal,
  symmetricProduct,
  product,
}

export const spectralKernels = ({ exports: wasm, arena, staging }: Engine): SpectralKernels => {
  if (wasm === undefined) return plainSpectralKernels
  return {
    symmetricStep: (n, k, a, work, u, v, w, p) => {
      if (!arena.holds(a)) return Tridiagonal.symmetricStep(n, k, a, work, u, v, w, p)
      const at = work.byteOffset
      wasm.symmetricStep(n, k, a.byteOffset, at + 8 * u, at + 8 * v, at + 8 * w, at + 8 * p)
    },
    hermitianStep: (n, k, re, im, work, u, v, w, p) => {
      if (!arena.holds(re)) return Tridiagonal.hermitianStep(n, k, re, im, work, u, v, w, p)
      const at = work.byteOffset
      const [x, y] = [re.byteOffset, im.byteOffset]
      wasm.hermitianStep(n, k, x, y, at + 8 * u, at + 8 * v, at + 8 * w, at + 8 * p)
    },
    symmetricProduct: (n, a, x, y, c) => {
      if (!arena.holds(a)) return symmetricProduct(n, a, x, y, c)
      if (arena.holds(x) && arena.holds(y) && (c === undefined || arena.holds(c))) {
        const pc = c === undefined ? 0 : c.byteOffset
        return wasm.symmetricProduct(n, a.byteOffset, x.byteOffset, pc, y.byteOffset)
      }
      try {
        const px = staging.input(x)
        const pc = c === undefined ? 0 : staging.input(c)
        const py = staging.output(y, false, px, x.byteLength)
        wasm.symmetricProduct(n, a.byteOffset, px, pc, py)
        staging.back(y, py)
      } finally {
        staging.end()
      }
    },
    product: (ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc) => {
      if (!arena.holds(a)) {
        return product(ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc)
      }
      const [x, y, z] = [a.byteOffset + 8 * aAt, b.byteOffset + 8 * bAt, c.byteOffset + 8 * cAt]
      wasm.gemm(ta ? 1 : 0, tb ? 1 : 0, m, n, k, alpha, x, lda, y, ldb, beta, z, ldc, 0)
    },
  }
}
