import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import type { Activation } from "../network/Activation.ts"
import { NotIncreasing } from "../network/Failures.ts"
import { gramFactor, type TwoLayer, withPreactivations } from "../network/TwoLayer.ts"

/** The flattest network that fits the labels: all neurons have the same pre-activations. */
export interface FlatLimit {
  /** m x d. */
  readonly theta: Float64Array
  /** Common pre-activations v, one per datum: `phi(v_i) = y_i / m`. */
  readonly preactivations: Float64Array
  /** The least sharpness of all networks that fit, `F* = m sum_i w_i phi'(v_i)^2`. */
  readonly sharpness: number
  /** Final rate at which the flow approaches it, exact to first order. */
  readonly rate: number
}

const slopeAt = (activation: Activation, z: number): number => {
  const slope = activation.first(z)
  if (!(slope > 0)) throw new NotIncreasing({ activation: activation.name, z, slope })
  return slope
}

/** Doubles `z` until the activation passes u: below it for negative z, above it for positive z. Throws NotIncreasing. */
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

/** The z with `activation.value(z) = u`: in closed form if the activation has one, else by a safeguarded Newton iteration. Throws NotIncreasing. */
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
  const { activation, gram, kernels, size: n, weights } = network
  const roots = v.map((z, i) =>
    Math.sqrt(Math.max(0, 2 * weights[i]! * activation.first(z) * activation.third(z))),
  )
  const scaled = gram.map((g, k) => g * roots[Math.floor(k / n)]! * roots[k % n]!)
  return SymmetricEigen.eigen(scaled, n, kernels).values[0]!
}

/** Least sharpness of all networks with these labels, and the pre-activations that attain it. Throws NotIncreasing. */
export const flattest = (network: TwoLayer): Pick<FlatLimit, "preactivations" | "sharpness"> => {
  const { activation, labels, neurons: m, weights } = network
  const v = labels.map((y) => inverse(activation, y / m))
  const sharpness =
    m * v.reduce((sum, z, i) => sum + weights[i]! * Elementary.square(activation.first(z)), 0)
  return { preactivations: v, sharpness }
}

/**
 * Limit of label-noise SGD with a small step, and of the sharpness flow, from `theta`, m x d, by one solve with the Gram matrix.
 *
 * The component of every neuron orthogonal to the data is unchanged. Outputs on the data equal the labels. Throws SingularGram
 * on dependent data, NotIncreasing if a label is outside the range of the activation, and InvalidInput on a `theta` of another
 * length. The limit is the paper's (as recalled); the solve is ours.
 */
export const flatLimit = (network: TwoLayer, theta: Float64Array): FlatLimit => {
  const { dimension: d, neurons: m, size: n } = network
  Require.vector("flatLimit", "theta", theta, m * d)
  const factor = gramFactor(network)
  const { preactivations: v, sharpness } = flattest(network)
  const z = Float64Array.from({ length: n * m }, (_, k) => v[Math.floor(k / m)]!)
  const flat = withPreactivations(network, theta, z, factor)
  return { theta: flat, preactivations: v, sharpness, rate: slowestRate(network, v) }
}
