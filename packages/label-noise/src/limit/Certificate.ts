/** Sharpness certificate: the position of a network on the minima, and a bound on its distance from the flat limit. */
import * as Vector from "@nonconvex/numerics/Vector"
import { assess } from "../network/Activation.ts"
import { diagnose, type Diagnostics } from "./Diagnostics.ts"
import * as Theory from "../theory/Theory.ts"
import { areIndependent, coherence, preactivations, type TwoLayer } from "../network/TwoLayer.ts"

export interface SharpnessCertificate extends Diagnostics {
  /** mu, the smallest eigenvalue of the Gram matrix of the data. */
  readonly coherence: number
  /** Bound on `|z_ij - v_i|`, the distance of pre-activations from the flat limit; Infinity if the theory does not apply. */
  readonly deviationBound: number
  /** Bound on the flow time until that distance is `distance`; Infinity if the theory does not apply. */
  readonly remainingTime: number
  /**
   * "flat": within `distance` of the limit. "convergent": the sharpness is geodesically convex and the flow contracts
   * exponentially. "far": the flow must first reach that region. "outside": the theory does not apply.
   */
  readonly verdict: "flat" | "convergent" | "far" | "outside"
  readonly because: string
}

/**
 * Certifies a network at `theta`, m x d, among those with the same outputs on the data. Pre-activations within `distance`
 * (default 1e-6) of the flat limit count as flat.
 *
 * Throws like `diagnose`. The bounds come from `Theory`: the convergence of the flow is the paper's (as recalled); the constants
 * are ours.
 */
export const certify = (
  network: TwoLayer,
  theta: Float64Array,
  { distance = 1e-6 }: { readonly distance?: number } = {},
): SharpnessCertificate => {
  const diagnostics = diagnose(network, theta)
  const mu = Math.max(0, coherence(network))
  const constants = assess(network.activation)
  const { excess, gradientNorm, leastSharpness } = diagnostics
  const { range, rho1, rho2 } = constants
  const outside = (because: string): SharpnessCertificate => {
    const unbounded = { deviationBound: Infinity, remainingTime: Infinity }
    return { ...diagnostics, coherence: mu, ...unbounded, verdict: "outside", because }
  }
  if (!constants.applies) return outside(`${network.activation.name}: ${constants.reason}`)
  if (!(mu > 0 && areIndependent(network))) return outside("the data are linearly dependent")
  const reach = Vector.maxAbs(preactivations(network, theta))
  if (reach > range) {
    return outside(
      `a pre-activation of ${reach} is beyond ${range}, up to which the constants are known`,
    )
  }
  const leastWeight = network.weights.reduce((least, weight) => Math.min(least, weight), Infinity)
  const deviationBound = Theory.deviationBound(gradientNorm, rho1, rho2, mu, leastWeight)
  const place = { ...constants, mu, gradientNorm, leastWeight }
  const gap = Math.max(0, excess * leastSharpness)
  const remainingTime = Theory.remainingTime({ ...place, excess: gap }, distance)
  const verdict =
    deviationBound <= distance ? "flat" : diagnostics.convexityMargin >= 1 ? "convergent" : "far"
  const because = {
    flat: "the gradient bounds the distance from the flat limit",
    convergent: "the gradient is below the threshold of geodesic convexity",
    far: "the gradient is above the threshold of geodesic convexity",
  }[verdict]
  return { ...diagnostics, coherence: mu, deviationBound, remainingTime, verdict, because }
}
