/**
 * Random matrices of the Gaussian ensembles. The kernel `fillTridiagonal` draws tridiagonal matrices with the same eigenvalues.
 *
 * Only + - * / and sqrt act on the draws (and Elementary's log), so the bits repeat on every engine.
 */
import type { RandomStream } from "./RandomStream.ts"
import * as Require from "./Require.ts"

/** A complex matrix as row-major real and imaginary parts. */
interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/**
 * Real symmetric n x n matrix of the Gaussian orthogonal ensemble: off-diagonal variance 1, diagonal variance 2; the
 * spectrum fills [-2 sqrt(n), 2 sqrt(n)]. Draws the lower triangle row by row.
 *
 * @example
 * ```ts import.meta.vitest
 * import { RandomStream, Seed } from "@nonconvex/numerics"
 * import * as RandomMatrix from "@nonconvex/numerics/RandomMatrix"
 *
 * RandomMatrix.gaussianOrthogonal(3, RandomStream.make(Seed.root(1))).length // => 9
 * ```
 */
export const gaussianOrthogonal = (n: number, stream: RandomStream): Float64Array => {
  Require.count("RandomMatrix.gaussianOrthogonal", "n", n, 0)
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const x = stream.normal()
      a[i * n + j] = x
      a[j * n + i] = x
    }
    a[i * n + i] = Math.SQRT2 * stream.normal()
  }
  return a
}

/**
 * Hermitian n x n matrix of the Gaussian unitary ensemble: E |a_ij|^2 = 1 everywhere; the spectrum fills [-2 sqrt(n), 2
 * sqrt(n)]. Draws the lower triangle row by row, real part before imaginary part.
 */
export const gaussianUnitary = (n: number, stream: RandomStream): Complex => {
  Require.count("RandomMatrix.gaussianUnitary", "n", n, 0)
  const re = new Float64Array(n * n)
  const im = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const x = Math.SQRT1_2 * stream.normal()
      const y = Math.SQRT1_2 * stream.normal()
      re[i * n + j] = x
      re[j * n + i] = x
      im[i * n + j] = y
      im[j * n + i] = -y
    }
    re[i * n + i] = stream.normal()
  }
  return { re, im }
}
