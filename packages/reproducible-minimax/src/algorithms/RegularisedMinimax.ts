import { advance } from "@nonconvex/problems/Advance"
import { extragradient } from "../methods/Extragradient.ts"
import { answerAt, type Problem, regularised, sizeOf } from "../problem/Problem.ts"
import { errorFor, type Request, requireRequest, type Solution, type Stop } from "./Solution.ts"
import * as Theory from "../theory/Theory.ts"
import { viResidual } from "../problem/ViResidual.ts"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** Requires a bounded set; on others neither the gap nor the VI residual is finite. */
export const requireBounded = (operation: string, problem: Problem): void => {
  const diameter = problem.feasible.diameter(sizeOf(problem))
  if (!(diameter < Number.POSITIVE_INFINITY)) {
    invalid(operation, "the feasible set must be bounded", { diameter })
  }
}

/**
 * Replaces `z` by the corrected point `p = Pi(z - G(z) / beta)`; returns the normal `beta (z - p) - G(z)` to the set at p,
 * which the projection determines.
 */
export const correct = (problem: Problem, beta: number, z: Float64Array): Float64Array => {
  const normal = z.slice()
  const answer = answerAt(problem, z)
  Vector.axpy(-1 / beta, answer, z)
  problem.feasible.project(z, 0, z.length)
  for (let i = 0; i < z.length; i++) normal[i] = beta * (normal[i]! - z[i]!) - answer[i]!
  return normal
}

/**
 * Algorithm 2 of Zhang et al. 2023: extragradient on the game regularised by `r = eps / D^2`. It stops when the VI residual
 * of a half step is within the accuracy of Theorem 4.4 (inexact start), or after the steps of Theorem 4.6 and a correction
 * (inexact gradient).
 *
 * The correction has length `1 / beta`, by default with beta = `2 (l + r)`, as Lemma C.5 requires (corrected: printed as 2
 * l). One more oracle call gives the residual at the corrected point, which bounds its distance. The error of the oracle is
 * added to the VI residual. `stop` is as in Algorithm 1. Throws InvalidInput on an unbounded set and on numbers that are not
 * positive; BelowNoise if delta is below the noise of float64.
 *
 * @example
 * ```ts import.meta.vitest
 * import { matrixGame } from "@nonconvex/problems"
 * import { regularisedMinimax, saddlePoint } from "@nonconvex/reproducible-minimax"
 *
 * const pennies = matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 })
 * const request = { gap: 0.5, distance: Math.SQRT2, inexact: "start", delta: 0.1 } as const
 * const { point, status } = regularisedMinimax(saddlePoint(pennies), Float64Array.of(1, 0, 0, 1), request)
 * status // => "certified"
 * pennies.dualityGap(point) <= 0.5 // => true
 * ```
 */
export const regularisedMinimax = (
  problem: Problem,
  start: Float64Array,
  request: Request & { readonly stop?: Stop; readonly beta?: number },
): Solution => {
  const operation = "regularisedMinimax"
  const { delta, distance: D, gap: eps, inexact, stop = "certified" } = request
  const size = sizeOf(problem)
  Require.vector(operation, "start", start, size)
  requireRequest(operation, problem, request)
  requireBounded(operation, problem)
  const l = problem.smoothness
  const r = Theory.regularisation(eps, D)
  const error = errorFor(problem, request)
  const whole = regularised(problem, r, start)
  const scheme = extragradient({ step: 0.5 / (l + r) })
  const state = scheme.init(whole, start)
  if (inexact === "gradient") {
    const steps = Theory.inexactExtragradientSteps(l, r, D, delta)
    advance(scheme, [state], steps)
    const point = state.point.slice()
    const normal = correct(whole, request.beta ?? Theory.correction(l + r), point)
    const answer = answerAt(whole, point)
    Vector.axpy(1, normal, answer)
    return {
      point,
      regularisation: r,
      distance: Theory.distanceFromResidual(Vector.norm(answer), error, r),
      steps: state.steps,
      evaluations: state.evaluations + 2,
      status: "fixed",
    }
  }
  const accuracy = Theory.minimaxAccuracyOfStart(eps, delta, D)
  const steps = Theory.extragradientSteps(l, r, D, accuracy)
  const scratch = new Float64Array(size)
  const slack = Math.SQRT2 * D * error
  let certified = false
  const limits = stop === "certified" ? { certified: { slack, accuracy } } : {}
  while (state.steps < steps && !certified && state.status === "running") {
    scheme.twin?.([state], steps - 1 - state.steps, undefined, limits)
    scheme.step(state)
    certified =
      stop === "certified" &&
      viResidual(whole, state.candidate, state.halfAnswer, scratch) + slack <= accuracy
  }
  return {
    point: state.candidate.slice(),
    regularisation: r,
    distance: Theory.distanceFromResidual(state.residual, error, r),
    steps: state.steps,
    evaluations: state.evaluations,
    status: certified ? "certified" : stop === "fixed" ? "fixed" : "stalled",
  }
}
