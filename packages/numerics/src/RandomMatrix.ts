/**
 * Random matrices: Gaussian ensembles, Wishart, Haar unitary, and the tridiagonal models that have the same eigenvalues.
 *
 * Only + - * / and sqrt act on the draws (and Elementary's log), so the bits repeat on every engine.
 */
import { chi } from "./Gamma.ts"
import { invalid } from "./InvalidInput.ts"
import { fillTridiagonal } from "./kernels/reference/Ensemble.ts"
import type { RandomStream } from "./RandomStream.ts"
import * as Require from "./Require.ts"

/** A complex matrix as row-major real and imaginary parts. */
interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/**
 * A real symmetric n x n matrix of the Gaussian orthogonal ensemble: off-diagonal variance 1, diagonal variance 2; the spectrum
 * fills [-2 sqrt(n), 2 sqrt(n)]. Draws the lower triangle row by row.
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
 * A Hermitian n x n matrix of the Gaussian unitary ensemble: E |a_ij|^2 = 1 everywhere; the spectrum fills
 * [-2 sqrt(n), 2 sqrt(n)]. Draws the lower triangle row by row, real part before imaginary part.
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

/**
 * Diagonal (n) and off-diagonal (n - 1) of a tridiagonal matrix whose eigenvalues have the law of the Gaussian ensemble with
 * index beta > 0. The scale is that of gaussianOrthogonal (beta = 1) and gaussianUnitary (beta = 2). With Tridiagonal.eigenvalues
 * it samples far larger dimensions than dense matrices allow. For thousands of samples use the kernels fillTridiagonal and
 * tridiagonalBatched.
 *
 * Source: Dumitriu and Edelman, "Matrix models for beta ensembles" (2002). Diagonal variance 2 / beta; off-diagonal k is
 * chi(beta (n - 1 - k)) / sqrt(beta).
 */
export const gaussianTridiagonal = (
  n: number,
  beta: number,
  stream: RandomStream,
): { readonly diagonal: Float64Array; readonly off: Float64Array } => {
  Require.count("RandomMatrix.gaussianTridiagonal", "n", n, 0)
  Require.positive("RandomMatrix.gaussianTridiagonal", "beta", beta)
  const diagonal = new Float64Array(n)
  const off = new Float64Array(Math.max(0, n - 1))
  fillTridiagonal(stream, n, beta, diagonal, off)
  return { diagonal, off }
}

/**
 * A Wishart matrix X^T X with `degrees` rows of d standard normals in X, row-major; mean degrees I.
 *
 * For degrees >= d it uses Bartlett's triangular factor (1933), where degrees need not be an integer. L L^T has L_ii =
 * chi(degrees - i) and normals below, drawn row by row. For fewer degrees, an integer, the factor has as many columns. Throws
 * InvalidInput on other degrees.
 */
export const wishart = (d: number, degrees: number, stream: RandomStream): Float64Array => {
  Require.count("RandomMatrix.wishart", "d", d, 0)
  const whole = Number.isSafeInteger(degrees) && degrees >= 0
  if (!(whole || (degrees > d - 1 && degrees < Infinity))) {
    invalid("RandomMatrix.wishart", "degrees must be an integer or more than d - 1", { degrees, d })
  }
  const columns = Math.min(d, Math.ceil(degrees))
  const factor = new Float64Array(d * columns)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < Math.min(i, columns); j++) factor[i * columns + j] = stream.normal()
    if (i < columns) factor[i * columns + i] = chi(degrees - i, stream)
  }
  const a = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < columns; k++) sum += factor[i * columns + k]! * factor[j * columns + k]!
      a[i * d + j] = sum
      a[j * d + i] = sum
    }
  }
  return a
}

/**
 * A d x d unitary matrix uniform on U(d). It is the Q factor with positive diagonal R of a complex Gaussian matrix, by modified
 * Gram-Schmidt on its rows, twice (Mezzadri 2007 on why the diagonal must be positive). Draws row by row, real part before
 * imaginary part of each entry.
 */
export const haarUnitary = (d: number, stream: RandomStream): Complex => {
  Require.count("RandomMatrix.haarUnitary", "d", d, 0)
  const re = new Float64Array(d * d)
  const im = new Float64Array(d * d)
  for (let at = 0; at < d * d; at++) {
    re[at] = stream.normal()
    im[at] = stream.normal()
  }
  for (let i = 0; i < d; i++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) removeRow(re, im, d, j, i)
    }
    let squares = 0
    for (let k = i * d; k < (i + 1) * d; k++) squares += re[k]! * re[k]! + im[k]! * im[k]!
    const factor = 1 / Math.sqrt(squares)
    for (let k = i * d; k < (i + 1) * d; k++) {
      re[k] = re[k]! * factor
      im[k] = im[k]! * factor
    }
  }
  return { re, im }
}

/** Takes the unit row j out of row i. */
const removeRow = (re: Float64Array, im: Float64Array, d: number, j: number, i: number): void => {
  let x = 0
  let y = 0
  for (let k = 0; k < d; k++) {
    const [a, b] = [re[i * d + k]!, im[i * d + k]!]
    const [p, q] = [re[j * d + k]!, im[j * d + k]!]
    x += a * p + b * q
    y += b * p - a * q
  }
  for (let k = 0; k < d; k++) {
    const [p, q] = [re[j * d + k]!, im[j * d + k]!]
    re[i * d + k] = re[i * d + k]! - (x * p - y * q)
    im[i * d + k] = im[i * d + k]! - (x * q + y * p)
  }
}
