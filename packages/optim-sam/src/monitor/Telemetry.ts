import * as Vector from "@nonconvex/numerics/Vector"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"

/** What two gradients tell about the curvature, without a third one. */
export interface Telemetry {
  readonly loss: number
  readonly lossAtPerturbed: number
  /** `lossAtPerturbed - loss`: the sharpness that SAM minimises. */
  readonly sharpnessGap: number
  readonly gradientNorm: number
  readonly perturbedGradientNorm: number
  /** Cosine of the angle between the two gradients. */
  readonly cosine: number
  /** `<g_a - g, e> / |e|^2` with `e = w_a - w`: the curvature along the perturbation, `u' H u + O(|e|)`. Derived here. */
  readonly directionalSharpness: number
}

/** What of a state is read: other implementations have it too. */
type Observed = Pick<
  SharpnessAwareState,
  "before" | "gradient" | "loss" | "lossAtPerturbed" | "perturbed" | "perturbedGradient" | "radius"
>

const curvatureAlongDisplacement = (state: Observed): number => {
  const { before, gradient, perturbed, perturbedGradient } = state
  let product = 0
  let square = 0
  for (let i = 0; i < before.length; i++) {
    const e = perturbed[i]! - before[i]!
    product += (perturbedGradient[i]! - gradient[i]!) * e
    square += e * e
  }
  return product / square
}

/** The cosine of the angle between two vectors whose norms are given, safe from overflow. */
const cosine = (a: Float64Array, b: Float64Array, normA: number, normB: number): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! / normA) * (b[i]! / normB)
  return sum
}

/**
 * Telemetry of the last step of `sharpnessAware`, `repeatedAscent` or `grouped`. The last two fields are NaN where nothing was
 * perturbed, the very last also where several groups were.
 */
export const telemetry = (state: Observed): Telemetry => {
  const { gradient, loss, lossAtPerturbed, perturbedGradient } = state
  const gradientNorm = Vector.norm(gradient)
  const plain = !(state.radius > 0)
  const perturbedGradientNorm = plain ? gradientNorm : Vector.norm(perturbedGradient)
  return {
    loss,
    lossAtPerturbed,
    sharpnessGap: lossAtPerturbed - loss,
    gradientNorm,
    perturbedGradientNorm,
    cosine: plain
      ? Number.NaN
      : cosine(gradient, perturbedGradient, gradientNorm, perturbedGradientNorm),
    directionalSharpness: plain ? Number.NaN : curvatureAlongDisplacement(state),
  }
}
