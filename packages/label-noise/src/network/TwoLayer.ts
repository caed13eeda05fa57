import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Activation } from "./Activation.ts"
import * as Cholesky from "./Cholesky.ts"
import { NotInterpolating, SingularGram } from "./Failures.ts"

/**
 * Two-layer networks `f_i = sum_j phi(x_i . theta_j)` on fixed data; the output weights are 1.
 *
 * Parameters are m x d, row-major: the weights of neuron j are `theta[j d .. j d + d]`. Pre-activations are n x m: datum i at
 * neuron j is `z[i m + j]`.
 */
export interface TwoLayer {
  readonly activation: Activation
  /** n x d, row-major. */
  readonly features: Float64Array
  readonly labels: Float64Array
  /** n, the number of data. */
  readonly size: number
  /** d, the dimension of a datum. */
  readonly dimension: number
  /** m. */
  readonly neurons: number
  /** n x n, the inner products of the data. */
  readonly gram: Float64Array
  /** The squared norms of the data, the diagonal of `gram`. */
  readonly weights: Float64Array
  /** Kernels for all computations on this network. */
  readonly kernels: Kernels.Kernels
}

export interface TwoLayerOptions {
  readonly activation: Activation
  /** n x d, row-major, one row per datum. */
  readonly features: Float64Array
  /** d. */
  readonly dimension: number
  /** n. */
  readonly labels: Float64Array
  /** m. */
  readonly neurons: number
  /** Default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels
}

const gramOf = (features: Float64Array, n: number, d: number): Float64Array => {
  const gram = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = 0
      for (let a = 0; a < d; a++) sum += features[i * d + a]! * features[k * d + a]!
      gram[i * n + k] = sum
      gram[k * n + i] = sum
    }
  }
  return gram
}

/**
 * A network on its data; features and labels are kept, not copied.
 *
 * Throws InvalidInput on ragged data and on features and labels that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, outputs, twoLayer } from "@nonconvex/label-noise"
 *
 * const network = twoLayer({
 *   activation: Activation.cubic(1), // z^3 + z
 *   features: Float64Array.of(1, 0, 0, 1),
 *   dimension: 2,
 *   labels: Float64Array.of(2, -1),
 *   neurons: 2,
 * })
 * outputs(network, Float64Array.of(1, 0, 0, -1)) // => Float64Array.of(2, -2)
 * ```
 */
export const twoLayer = (options: TwoLayerOptions): TwoLayer => {
  const { activation, dimension, features, kernels = Kernels.standard(), labels, neurons } = options
  Require.count("twoLayer", "dimension", dimension)
  Require.count("twoLayer", "neurons", neurons)
  Require.typed("twoLayer", "features", features)
  Require.object("twoLayer", "activation", activation, "value")
  const size = features.length / dimension
  Require.count("twoLayer", "features.length / dimension", size)
  Require.vector("twoLayer", "features", features, size * dimension)
  Require.vector("twoLayer", "labels", labels, size)
  const gram = gramOf(features, size, dimension)
  const weights = Float64Array.from({ length: size }, (_, i) => gram[i * size + i]!)
  return { activation, features, labels, size, dimension, neurons, gram, weights, kernels }
}

/** Writes the pre-activations `z_ij = x_i . theta_j` of `theta`, m x d, to `z`, n x m; default a fresh array. */
export const preactivations = (
  network: TwoLayer,
  theta: Float64Array,
  z: Float64Array = new Float64Array(network.size * network.neurons),
): Float64Array => {
  const { dimension: d, features, neurons: m, size: n } = network
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0
      for (let a = 0; a < d; a++) sum += features[i * d + a]! * theta[j * d + a]!
      z[i * m + j] = sum
    }
  }
  return z
}

/** Adds `factor sum_i c_ij x_i` to every neuron j of `out`, m x d, for coefficients `c`, n x m; `factor` default 1. */
export const addRows = (
  { dimension: d, features, neurons: m, size: n }: TwoLayer,
  c: Float64Array,
  out: Float64Array,
  factor = 1,
): void => {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const weight = factor * c[i * m + j]!
      for (let a = 0; a < d; a++) out[j * d + a]! += weight * features[i * d + a]!
    }
  }
}

/** Adds `factor sum_i b_i grad f_i` to `out`, m x d, for `slopes`, n x m, of the activation; `factor` default 1. */
export const addGradients = (
  network: TwoLayer,
  slopes: Float64Array,
  b: Float64Array,
  out: Float64Array,
  factor = 1,
): void => {
  const c = slopes.map((slope, k) => slope * b[Math.floor(k / network.neurons)]!)
  addRows(network, c, out, factor)
}

/**
 * The outputs of the network on its n data at `theta`, m x d; a fresh array. Throws InvalidInput on a `theta` of another length.
 */
export const outputs = (network: TwoLayer, theta: Float64Array): Float64Array => {
  const { activation, neurons: m, size: n } = network
  Require.vector("outputs", "theta", theta, m * network.dimension)
  const z = preactivations(network, theta)
  const f = new Float64Array(n)
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) f[i]! += activation.value(z[i * m + j]!)
  return f
}

/** A network whose labels are its own outputs at `theta`, m x d, so that it fits them. Throws like `twoLayer` and `outputs`. */
export const twoLayerThrough = (
  theta: Float64Array,
  options: Omit<TwoLayerOptions, "labels">,
): TwoLayer => {
  Require.typed("twoLayerThrough", "features", options.features)
  Require.count("twoLayerThrough", "dimension", options.dimension)
  const labels = new Float64Array(options.features.length / options.dimension)
  return relabelled(twoLayer({ ...options, labels }), theta)
}

/** Residuals `y - f` of the outputs at `theta`, m x d: a fresh array. Throws like `outputs`. */
export const gaps = (network: TwoLayer, theta: Float64Array): Float64Array =>
  outputs(network, theta).map((f, i) => network.labels[i]! - f)

/** Largest `|f_i - y_i|` at `theta`, m x d. Throws like `outputs`. */
export const residual = (network: TwoLayer, theta: Float64Array): number =>
  Vector.maxAbs(gaps(network, theta))

/** The same data with the outputs at `theta` as labels, so that `theta` is on the manifold of minima. */
export const relabelled = (network: TwoLayer, theta: Float64Array): TwoLayer => ({
  ...network,
  labels: outputs(network, theta),
})

/** Throws NotInterpolating if a residual exceeds `tolerance (1 + max |y|)`; `tolerance` default 1e-6. */
export const requireInterpolating = (
  network: TwoLayer,
  theta: Float64Array,
  tolerance = 1e-6,
): void => {
  const found = residual(network, theta)
  const allowed = tolerance * (1 + Vector.maxAbs(network.labels))
  if (!(found <= allowed)) throw new NotInterpolating({ residual: found, tolerance: allowed })
}

/** Smallest eigenvalue of the Gram matrix: mu of the theory. */
export const coherence = ({ gram, kernels, size }: TwoLayer): number =>
  SymmetricEigen.eigen(gram, size, kernels).values[0]!

/** Cholesky factor of the Gram matrix; undefined if the data are linearly dependent, in any units. */
const factorOfIndependent = ({ gram, size }: TwoLayer): Float64Array | undefined => {
  const factor = Float64Array.from(gram)
  return Cholesky.factor(factor, size, 1e-14) < 0 ? factor : undefined
}

/** Tests whether the data are linearly independent to working precision. */
export const areIndependent = (network: TwoLayer): boolean =>
  factorOfIndependent(network) !== undefined

/** Cholesky factor of the Gram matrix. Throws SingularGram if the data are linearly dependent. */
export const gramFactor = (network: TwoLayer): Float64Array => {
  const factor = factorOfIndependent(network)
  if (factor !== undefined) return factor
  const { dimension, size } = network
  throw new SingularGram({ size, dimension, smallestEigenvalue: coherence(network) })
}

/**
 * Moves `theta` along the data to the pre-activations `z`, n x m, with the factor of the Gram matrix; returns a fresh m x d
 * array.
 */
export const withPreactivations = (
  network: TwoLayer,
  theta: Float64Array,
  z: Float64Array,
  factor: Float64Array,
): Float64Array => {
  const { neurons: m, size: n } = network
  const before = preactivations(network, theta)
  const change = new Float64Array(n)
  const coefficients = new Float64Array(n * m)
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n; i++) change[i] = z[i * m + j]! - before[i * m + j]!
    Cholesky.solve(factor, n, change)
    for (let i = 0; i < n; i++) coefficients[i * m + j] = change[i]!
  }
  const out = Float64Array.from(theta)
  addRows(network, coefficients, out)
  return out
}
