import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import type { Activation } from "./Activation.ts"
import * as Cholesky from "./Cholesky.ts"
import { NotIncreasing } from "./Failures.ts"
import { gramFactor, preactivations, type TwoLayer } from "./TwoLayer.ts"

/** The flattest network that fits the labels: every neuron has the same pre-activations. */
export interface FlatLimit {
  /** m x d. */
  readonly theta: Float64Array
  /** The common pre-activations v, one a datum: `phi(v_i) = y_i / m`. */
  readonly preactivations: Float64Array
  /** The least sharpness of all networks that fit, `F* = m sum_i w_i phi'(v_i)^2`. */
  readonly sharpness: number
  /** The rate at which the flow approaches it in the end, exact to first order. */
  readonly rate: number
}

const slopeAt = (activation: Activation, z: number): number => {
  const slope = activation.first(z)
  if (!(slope > 0)) throw new NotIncreasing({ activation: activation.name, z, slope })
  return slope
}

/** Doubles `z` until the activation passes u, below for a negative z and above for a positive one. Throws NotIncreasing. */
const reach = (activation: Activation, u: number, start: -1 | 1): number => {
  const { first, name, value } = activation
  let z: number = start
  while (start * (value(z) - u) < 0) {
    const last = value(z)
    z *= 2
    if (!(start * (value(z) - last) > 0)) {
      throw new NotIncreasing({ activation: name, z, slope: first(z) })
    }
  }
  return z
}

/** The z with `activation.value(z) = u`: in closed form, or by a safeguarded Newton iteration. Throws NotIncreasing. */
export const inverse = (activation: Activation, u: number): number => {
  if (activation.inverse !== undefined) {
    const z = activation.inverse(u)
    if (Number.isFinite(z)) return z
    throw new NotIncreasing({ activation: activation.name, z, slope: activation.first(z) })
  }
  let low = reach(activation, u, -1)
  let high = reach(activation, u, 1)
  let z = (low + high) / 2
  for (let step = 0; step < 200; step++) {
    const gap = activation.value(z) - u
    if (gap > 0) high = z
    else low = z
    const newton = z - gap / slopeAt(activation, z)
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (next === z || gap === 0) return z
    z = next
  }
  return z
}

const slowestRate = (network: TwoLayer, v: Float64Array): number => {
  const { activation, gram, size: n, weights } = network
  const roots = v.map((z, i) =>
    Math.sqrt(Math.max(0, 2 * weights[i]! * activation.first(z) * activation.third(z))),
  )
  const scaled = gram.map((g, k) => g * roots[Math.floor(k / n)]! * roots[k % n]!)
  return SymmetricEigen.eigen(scaled, n).values[0]!
}

/** The least sharpness of all networks with these labels, and where it is attained. Throws NotIncreasing. */
export const least = (network: TwoLayer): Pick<FlatLimit, "preactivations" | "sharpness"> => {
  const { activation, labels, neurons: m, weights } = network
  const v = labels.map((y) => inverse(activation, y / m))
  const sharpness = m * v.reduce((sum, z, i) => sum + weights[i]! * activation.first(z) ** 2, 0)
  return { preactivations: v, sharpness }
}

/**
 * The limit of label-noise SGD with a small step, and of the sharpness flow, from `theta`: one solve with the Gram matrix.
 *
 * The part of every neuron that is orthogonal to the data stays as it was. Outputs on the data equal the labels. Throws
 * SingularGram where the data are dependent, NotIncreasing where the activation does not reach a label.
 */
export const flatLimit = (network: TwoLayer, theta: Float64Array): FlatLimit => {
  const { dimension: d, features, neurons: m, size: n } = network
  Require.vector("flatLimit", "theta", theta, m * d)
  const factor = gramFactor(network)
  const { preactivations: v, sharpness } = least(network)
  const z = new Float64Array(n * m)
  preactivations(network, theta, z)
  const flat = Float64Array.from(theta)
  const gap = new Float64Array(n)
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n; i++) gap[i] = v[i]! - z[i * m + j]!
    Cholesky.solve(factor, n, gap)
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < d; a++) flat[j * d + a]! += gap[i]! * features[i * d + a]!
    }
  }
  return { theta: flat, preactivations: v, sharpness, rate: slowestRate(network, v) }
}
