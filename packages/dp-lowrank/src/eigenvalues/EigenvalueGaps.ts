/** Eigenvalues of the paper's noise without matrices, and of moving matrices with them. */
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomMatrix from "@nonconvex/numerics/RandomMatrix"
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as NoiseEnsemble from "../theory/NoiseEnsemble.ts"

/** Matrices drawn and solved together: their memory stays in the first-level cache. */
const block = 64

/**
 * Eigenvalues of W + W^* (beta 2) or W + W^T (beta 1). `count` spectra are stored one after another, each descending,
 * computed from the tridiagonal model in O(d^2) per spectrum. The result equals that of `count` separate calls, in a quarter
 * of their time.
 *
 * Dumitriu and Edelman 2002 (as recalled), at the paper's normalisation v = 2 beta. Throws InvalidInput on a negative dimension or count.
 */
export const sampleSpectra = (
  count: number,
  dimension: number,
  beta: NoiseEnsemble.Beta,
  stream: RandomStream.RandomStream,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  Require.count("Gaps.sampleSpectra", "count", count, 0)
  Require.count("Gaps.sampleSpectra", "dimension", dimension, 0)
  const scale = Math.sqrt(NoiseEnsemble.ensembleVariance(beta, 1))
  const spectra = new Float64Array(count * dimension)
  const most = Math.min(block, count)
  return kernels.arena.scoped((space) => {
    const d = space.f64(most * dimension)
    const e = space.f64(most * Math.max(0, dimension - 1))
    for (let first = 0; first < count; first += block) {
      const held = Math.min(block, count - first)
      const values = d.subarray(0, held * dimension)
      const off = e.subarray(0, held * Math.max(0, dimension - 1))
      kernels.fillTridiagonal(stream, dimension, beta, values, off)
      kernels.tridiagonalBatched(held, dimension, values, off, values)
      for (let k = 0; k < held; k++) {
        const from = k * dimension
        const to = first * dimension + from
        for (let i = 0; i < dimension; i++) {
          spectra[to + i] = scale * values[from + dimension - 1 - i]!
        }
      }
    }
    return spectra
  })
}

/** Differences of neighbours of a descending list. */
export const gapsOf = (values: Float64Array): Float64Array => {
  const gaps = new Float64Array(Math.max(0, values.length - 1))
  for (let i = 0; i < gaps.length; i++) gaps[i] = values[i]! - values[i + 1]!
  return gaps
}

/**
 * Symmetric or Hermitian matrix that moves by increments of sqrt(dt) (W + W^*): a second construction of Dyson Brownian
 * motion.
 */
export interface MatrixMotion {
  readonly dimension: number
  readonly beta: NoiseEnsemble.Beta
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Motion that starts at the diagonal matrix of the given eigenvalues. */
export const matrixMotion = (start: Float64Array, beta: NoiseEnsemble.Beta): MatrixMotion => {
  const n = start.length
  const re = new Float64Array(n * n)
  start.forEach((value, i) => {
    re[i * n + i] = value
  })
  return { dimension: n, beta, re, im: new Float64Array(n * n) }
}

/** Advances the motion by `time`: v grows by 2 beta time. */
export const move = (
  { beta, dimension, im, re }: MatrixMotion,
  time: number,
  stream: RandomStream.RandomStream,
): void => {
  const scale = Math.sqrt(NoiseEnsemble.ensembleVariance(beta, time))
  if (beta === 1) {
    Vector.axpy(scale, RandomMatrix.gaussianOrthogonal(dimension, stream), re)
  } else {
    const noise = RandomMatrix.gaussianUnitary(dimension, stream)
    Vector.axpy(scale, noise.re, re)
    Vector.axpy(scale, noise.im, im)
  }
}

/** The eigenvalues of the moving matrix, descending. */
export const eigenvaluesOf = (
  { beta, dimension, im, re }: MatrixMotion,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array =>
  (beta === 1
    ? SymmetricEigen.eigenvalues(re, dimension, kernels)
    : HermitianEigen.eigenvalues(re, im, dimension, kernels)
  ).toReversed()
