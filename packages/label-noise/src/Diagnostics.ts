import * as Require from "@nonconvex/numerics/Require"
import * as Svd from "@nonconvex/numerics/Svd"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { assess } from "./Activation.ts"
import { least } from "./FlatLimit.ts"
import { Geometry } from "./Geometry.ts"
import * as Theory from "./Theory.ts"
import { coherence, preactivations, type TwoLayer } from "./TwoLayer.ts"

/** How far a network is from the flat limit. */
export interface Diagnostics {
  readonly sharpness: number
  /** F*, the least sharpness of networks with the same outputs. */
  readonly leastSharpness: number
  /** `F / F* - 1`. */
  readonly excess: number
  readonly gradientNorm: number
  /** Convexity threshold over the gradient norm: from 1 on, the flow contracts exponentially. */
  readonly convexityMargin: number
  /** The largest `|z_ij - mean_j z_ij|`. */
  readonly spread: number
  /** Singular values of theta, descending. */
  readonly singularValues: Float64Array
  /** Those of the neurons projected onto the span of the data: all but the first vanish at the flat limit. */
  readonly projectedSingularValues: Float64Array
  /** `(sum s)^2 / sum s^2`. */
  readonly effectiveRank: number
}

/** The largest `|z_ij - mean_j z_ij|` of pre-activations, n x m. */
export const spread = (z: Float64Array, neurons: number): number => {
  let worst = 0
  for (let from = 0; from < z.length; from += neurons) {
    const row = z.subarray(from, from + neurons)
    const mean = row.reduce((sum, value) => sum + value, 0) / neurons
    for (const value of row) worst = Math.max(worst, Math.abs(value - mean))
  }
  return worst
}

/** The spread of the pre-activations at `theta`, m x d. */
export const spreadAt = (network: TwoLayer, theta: Float64Array): number => {
  const z = new Float64Array(network.size * network.neurons)
  preactivations(network, theta, z)
  return spread(z, network.neurons)
}

/** The effective rank of singular values, `(sum s)^2 / sum s^2`; 0 where all are 0. */
export const effectiveRank = (singularValues: Float64Array): number => {
  const sum = singularValues.reduce((total, s) => total + s, 0)
  const square = singularValues.reduce((total, s) => total + s * s, 0)
  return square === 0 ? 0 : (sum * sum) / square
}

/** Eigenvalues of the Gram matrix below this share of the largest count as zero. */
const nullShare = 1e-13

/** The neurons projected onto the span of the data, `theta X^T G^+ X`, m x d. */
export const projectedFeatures = (network: TwoLayer, theta: Float64Array): Float64Array => {
  const { dimension: d, features, gram, neurons: m, size: n } = network
  Require.vector("projectedFeatures", "theta", theta, m * d)
  const { values, vectors } = SymmetricEigen.eigen(gram, n)
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

/** Diagnoses a network against the least sharpness for the outputs that it has. Throws NotIncreasing and InvalidInput. */
export const diagnose = (network: TwoLayer, theta: Float64Array): Diagnostics => {
  const { dimension: d, labels, neurons: m, size: n, weights } = network
  Require.vector("diagnose", "theta", theta, m * d)
  const z = new Float64Array(n * m)
  preactivations(network, theta, z)
  const own = { ...network, labels: labels.map((_, i) => outputOf(network, z, i)) }
  const geometry = new Geometry(own).atParameters(theta)
  const { sharpness: leastSharpness } = least(own)
  const threshold = Theory.convexityThreshold(
    Math.max(0, coherence(network)),
    assess(network.activation).beta,
    Math.min(...weights),
  )
  const singularValues = Svd.singularValues(theta, m, d)
  return {
    sharpness: geometry.sharpness,
    leastSharpness,
    excess: geometry.sharpness / leastSharpness - 1,
    gradientNorm: geometry.gradientNorm,
    convexityMargin: threshold / geometry.gradientNorm,
    spread: spread(z, m),
    singularValues,
    projectedSingularValues: Svd.singularValues(projectedFeatures(network, theta), m, d),
    effectiveRank: effectiveRank(singularValues),
  }
}

const outputOf = ({ activation, neurons }: TwoLayer, z: Float64Array, i: number): number =>
  z
    .subarray(i * neurons, (i + 1) * neurons)
    .reduce((sum, value) => sum + activation.value(value), 0)
