/** Eigenvalues of the paper's noise without matrices, and of moving matrices with them. */
import {
  HermitianEigen,
  RandomMatrix,
  type RandomStream,
  SymmetricEigen,
  Tridiagonal,
} from "@nonconvex/numerics"
import * as Theory from "./Theory.ts"

/**
 * The eigenvalues of W + W^* (beta 2) or W + W^T (beta 1), descending, from the tridiagonal model in O(d^2).
 *
 * Dumitriu and Edelman 2002, at the paper's normalisation v = 2 beta. Throws InvalidInput on a negative dimension.
 */
export const sampleEigenvalues = (
  dimension: number,
  beta: Theory.Beta,
  stream: RandomStream.RandomStream,
): Float64Array => {
  const { diagonal, off } = RandomMatrix.gaussianTridiagonal(dimension, beta, stream)
  const scale = Math.sqrt(Theory.ensembleVariance(beta, 1))
  const values = Tridiagonal.eigenvalues(diagonal, off)
  for (let i = 0, j = dimension - 1; i <= j; i++, j--) {
    const [low, high] = [values[i]!, values[j]!]
    values[i] = scale * high
    values[j] = scale * low
  }
  return values
}

/** Differences of neighbours of a descending list. */
export const gapsOf = (values: Float64Array): Float64Array => {
  const gaps = new Float64Array(Math.max(0, values.length - 1))
  for (let i = 0; i < gaps.length; i++) gaps[i] = values[i]! - values[i + 1]!
  return gaps
}

/** A symmetric or Hermitian matrix that moves by increments of sqrt(dt) (W + W^*): the other route to Dyson Brownian motion. */
export interface MatrixMotion {
  readonly dimension: number
  readonly beta: Theory.Beta
  readonly re: Float64Array
  readonly im: Float64Array
}

/** A motion from the diagonal matrix of the given eigenvalues. */
export const matrixMotion = (start: Float64Array, beta: Theory.Beta): MatrixMotion => {
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
  const scale = Math.sqrt(Theory.ensembleVariance(beta, time))
  if (beta === 1) {
    const noise = RandomMatrix.gaussianOrthogonal(dimension, stream)
    for (let i = 0; i < re.length; i++) re[i] = re[i]! + scale * noise[i]!
  } else {
    const noise = RandomMatrix.gaussianUnitary(dimension, stream)
    for (let i = 0; i < re.length; i++) {
      re[i] = re[i]! + scale * noise.re[i]!
      im[i] = im[i]! + scale * noise.im[i]!
    }
  }
}

/** The eigenvalues of the moving matrix, descending. */
export const eigenvaluesOf = ({ beta, dimension, im, re }: MatrixMotion): Float64Array =>
  (beta === 1
    ? SymmetricEigen.eigenvalues(re, dimension)
    : HermitianEigen.eigenvalues(re, im, dimension)
  ).toReversed()
