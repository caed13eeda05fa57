/** Gradient descent to the minima, which the theorems require before the first perturbation and after the last. */
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { Runtime, Schema } from "effect"

/** Gradient descent or the gradient flow found no minimum near the start. */
export class NoMinimumNearby extends Schema.TaggedError<NoMinimumNearby>()("NoMinimumNearby", {
  operation: Schema.String,
  /** Smallest gradient norm reached. */
  gradientNorm: Schema.Number,
  tolerance: Schema.Number,
  /** Number of gradients. */
  evaluations: Schema.Int,
  advice: Schema.optionalKey(Schema.String),
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    const { advice = "start closer, lower the rate, or use a larger tolerance" } = this
    return (
      `${this.operation}: no minimum near the start: the gradient norm fell to ${this.gradientNorm}, not to ` +
      `${this.tolerance} in ${this.evaluations} gradients; ${advice}`
    )
  }
}

export interface Settled {
  readonly point: Float64Array
  readonly gradientNorm: number
  /** Number of gradients. */
  readonly evaluations: number
}

/**
 * Gradient descent from `start` until the gradient norm is at most `tolerance`.
 *
 * Its end is a minimum, but not the limit of the gradient flow (see `LimitMap`): the two differ by O(learningRate). Throws
 * NoMinimumNearby after `maxSteps` or if a gradient is not finite, and InvalidInput on a bad start or bad options.
 *
 * @example
 * ```ts import.meta.vitest
 * import { scalarModel, settle } from "@nonconvex/flat-minima"
 *
 * const { point } = settle(scalarModel(), Float64Array.of(2, 0.6), { learningRate: 0.1 })
 * point[0]! * point[1]! // ≈ 1
 * ```
 */
export const settle = (
  objective: Objective,
  start: Float64Array,
  options: {
    readonly learningRate: number
    /** In units of the gradient; default 1e-12. */
    readonly tolerance?: number
    /** Default 1,000,000. */
    readonly maxSteps?: number
  },
): Settled => {
  const { learningRate, maxSteps = 1_000_000, tolerance = 1e-12 } = options
  Require.vector("settle", "start", start, objective.dimension)
  Require.positive("settle", "learningRate", learningRate)
  Require.positive("settle", "tolerance", tolerance)
  Require.count("settle", "maxSteps", maxSteps)
  const point = start.slice()
  const gradient = new Float64Array(start.length)
  let smallest = Number.POSITIVE_INFINITY
  const nowhere = (evaluations: number): NoMinimumNearby =>
    new NoMinimumNearby({ operation: "settle", gradientNorm: smallest, tolerance, evaluations })
  for (let taken = 1; taken <= maxSteps; taken++) {
    objective.valueAndGradient(point, gradient)
    const gradientNorm = Vector.norm(gradient)
    if (!(gradientNorm < Number.POSITIVE_INFINITY)) throw nowhere(taken)
    smallest = Math.min(smallest, gradientNorm)
    if (gradientNorm <= tolerance) return { point, gradientNorm, evaluations: taken }
    for (let j = 0; j < point.length; j++) point[j]! -= learningRate * gradient[j]!
  }
  throw nowhere(maxSteps)
}
