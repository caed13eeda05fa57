import * as Vector from "@nonconvex/numerics/Vector"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"

/** Telemetry from the two gradients of a step on the loss around the point, at no further cost. */
export interface Telemetry {
  readonly loss: number
  readonly lossAtPerturbed: number
  /** `lossAtPerturbed - loss`: the sharpness that SAM minimises; 0 after a step with radius 0. */
  readonly sharpnessGap: number
  readonly gradientNorm: number
  readonly perturbedGradientNorm: number
  /** Cosine of the angle between the two gradients; NaN where nothing was perturbed. */
  readonly cosine: number
  /**
   * `<g_a - g, e> / |e|^2` with `e = w_a - w`: the curvature along the perturbation, `u' H u + O(|e|)`. Derived here. NaN if
   * nothing was perturbed, or if each of several groups was.
   */
  readonly directionalSharpness: number
}

/** Part of a state that telemetry reads; other implementations may provide it too. */
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

/** Cosine of the angle between two vectors of given norms, safe from overflow. */
const cosine = (a: Float64Array, b: Float64Array, normA: number, normB: number): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! / normA) * (b[i]! / normB)
  return sum
}

/**
 * Telemetry of the last step, from the state of `sharpnessAware`, `repeatedAscent` or `grouped`, or of your own method.
 *
 * @example
 * ```ts import.meta.vitest
 * import { sam, telemetry } from "@nonconvex/optim-sam"
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 * import { sgd } from "@nonconvex/problems/Sgd"
 *
 * const method = sam({ radius: 0.5, base: sgd({ learningRate: 0.1 }) })
 * const state = method.init(quadratic({ spectrum: [2] }), Float64Array.of(1))
 * method.step(state)
 * telemetry(state).directionalSharpness // => 2
 * ```
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
