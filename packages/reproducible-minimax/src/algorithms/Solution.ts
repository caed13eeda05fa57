import * as Require from "@nonconvex/numerics/Require"
import { BelowNoise } from "../solve/Failures.ts"
import { type Problem, sizeOf } from "../problem/Problem.ts"

/** Inputs of Algorithms 1 to 3. */
export interface Request {
  /** eps: the objective above its minimum, or the duality gap. */
  readonly gap: number
  /** D: a bound on the distance of the start from a minimiser, or on the diameter of each player's set. */
  readonly distance: number
  /** Source of the difference between two runs. */
  readonly inexact: "start" | "gradient"
  /** Amount of the inexactness: the distance of the starts, or the error of the oracle. */
  readonly delta: number
}

/** At a certificate, or after the number of steps of the theorem. */
export type Stop = "certified" | "fixed"

export interface Solution {
  readonly point: Float64Array
  /** r; of Algorithm 3 the inverse of the proximal step. */
  readonly regularisation: number
  /**
   * Bound on the distance of `point` from the common target of all runs, from its residual. It assumes the declared error of
   * the oracle, or delta with an inexact gradient if that is larger. Infinity for Algorithm 3.
   */
  readonly distance: number
  readonly steps: number
  readonly evaluations: number
  /** `fixed`: after the steps of the theorem, `stalled`: at the noise floor, without a certificate. */
  readonly status: "certified" | "fixed" | "stalled"
}

/** Rounding error of float64 arithmetic, about `u l D sqrt(d)`; no oracle can be required to be more exact. Derived here. */
const floatNoise = (problem: Problem, distance: number): number =>
  2 ** -53 * problem.smoothness * distance * Math.sqrt(sizeOf(problem))

/** The oracle error that certificates allow for: the larger of the declared and the requested error. */
export const errorFor = (problem: Problem, { delta, inexact }: Request): number =>
  inexact === "gradient" ? Math.max(problem.error, delta) : problem.error

/** Throws InvalidInput on numbers that are not positive and finite, BelowNoise on a delta that float64 does not resolve. */
export const requireRequest = (operation: string, problem: Problem, request: Request): void => {
  const { delta, distance, gap, inexact } = request
  Require.positive(operation, "gap", gap)
  Require.positive(operation, "distance", distance)
  Require.positive(operation, "delta", delta)
  Require.positive(operation, "smoothness", problem.smoothness)
  const noise = inexact === "gradient" ? floatNoise(problem, distance) : 2 ** -53 * distance
  if (delta < noise) {
    throw new BelowNoise({ quantity: `delta of an inexact ${inexact}`, requested: delta, noise })
  }
}
