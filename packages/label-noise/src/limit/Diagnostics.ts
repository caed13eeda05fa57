import * as Require from "@nonconvex/numerics/Require"
import * as Svd from "@nonconvex/numerics/Svd"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { assess } from "../network/Activation.ts"
import { flattest } from "./FlatLimit.ts"
import { Geometry } from "../geometry/Geometry.ts"
import * as Theory from "../theory/Theory.ts"
import { coherence, preactivations, relabelled, type TwoLayer } from "../network/TwoLayer.ts"

/** Flatness of a network, and its distance from the flat limit. */
export interface Diagnostics {
  readonly sharpness: number
  /** F*, the least sharpness among networks with the same outputs. */
  readonly leastSharpness: number
  /** `F / F* - 1`. */
  readonly excess: number
  readonly gradientNorm: number
  /** Threshold of geodesic convexity over the gradient norm; if it is at least 1, the flow contracts exponentially. */
  readonly convexityMargin: number
  /** Largest `|z_ij - mean_j z_ij|`. */
  readonly spread: number
  /** Singular values of theta, descending. */
  readonly singularValues: Float64Array
  /** Singular values of the neurons projected onto the span of the data: all but the first vanish at the flat limit. */
  readonly projectedSingularValues: Float64Array
  /** `(sum s)^2 / sum s^2`. */
  readonly effectiveRank: number
}

/** Largest `|z_ij - mean_j z_ij|` of the pre-activations at `theta`, m x d. */
export const spreadAt = (network: TwoLayer, theta: Float64Array): number => {
  const { neurons } = network
  const z = preactivations(network, theta)
  let worst = 0
  for (let from = 0; from < z.length; from += neurons) {
    const row = z.subarray(from, from + neurons)
    const mean = row.reduce((sum, value) => sum + value, 0) / neurons
    for (const value of row) worst = Math.max(worst, Math.abs(value - mean))
  }
  return worst
}

/** Effective rank of singular values, `(sum s)^2 / sum s^2`; 0 if all are 0. */
export const effectiveRank = (singularValues: Float64Array): number => {
  const sum = singularValues.reduce((total, s) => total + s, 0)
  const square = singularValues.reduce((total, s) => total + s * s, 0)
  return square === 0 ? 0 : (sum * sum) / square
}

/** Eigenvalues of the Gram matrix below this share of the largest count as zero. */
const nullShare = 1e-13

/**
 * The neurons projected onto the span of the data, `theta X^T G^+ X` for `theta`, m x d; a fresh m x d array.
 *
 * Throws InvalidInput on a `theta` of another length.
 */
export const projectedFeatures = (network: TwoLayer, theta: Float64Array): Float64Array => {
  const { dimension: d, features, gram, kernels, neurons: m, size: n } = network
  Require.vector("projectedFeatures", "theta", theta, m * d)
  const { values, vectors } = SymmetricEigen.eigen(gram, n, kernels)
  const projected = new Float64Array(m * d)
  const direction = new Float64Array(d)
  for (let k = 0; k < n; k++) {
    if (!(values[k]! > nullShare * values[n - 1]!)) continue
    // an orthonormal basis of the span, one direction at a time
    direction.fill(0)
    for (let i = 0; i < n; i++) {
      const weight = vectors[k * n + i]! / Math.sqrt(values[k]!)
      Vector.axpy(weight, features.subarray(i * d, (i + 1) * d), direction)
    }
    for (let j = 0; j < m; j++) {
      const along = Vector.dot(direction, theta.subarray(j * d, (j + 1) * d))
      Vector.axpy(along, direction, projected.subarray(j * d, (j + 1) * d))
    }
  }
  return projected
}

/**
 * Compares the flatness of the network at `theta`, m x d, with the least sharpness of all networks with the same outputs.
 *
 * Throws NotIncreasing if an output is outside the range of the activation, and InvalidInput on a `theta` of another length. The
 * least sharpness is the paper's (as recalled); the convexity threshold is ours.
 */
export const diagnose = (network: TwoLayer, theta: Float64Array): Diagnostics => {
  const { dimension: d, kernels, neurons: m, weights } = network
  Require.vector("diagnose", "theta", theta, m * d)
  const own = relabelled(network, theta)
  const geometry = new Geometry(own).atParameters(theta)
  const { sharpness: leastSharpness } = flattest(own)
  const threshold = Theory.convexityThreshold(
    Math.max(0, coherence(network)),
    assess(network.activation).beta,
    weights.reduce((least, weight) => Math.min(least, weight), Infinity),
  )
  const singularValues = Svd.singularValues(theta, m, d, kernels)
  return {
    sharpness: geometry.sharpness,
    leastSharpness,
    excess: geometry.sharpness / leastSharpness - 1,
    gradientNorm: geometry.gradientNorm,
    convexityMargin: threshold / geometry.gradientNorm,
    spread: spreadAt(network, theta),
    singularValues,
    projectedSingularValues: Svd.singularValues(projectedFeatures(network, theta), m, d, kernels),
    effectiveRank: effectiveRank(singularValues),
  }
}
