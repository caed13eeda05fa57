import * as Require from "@nonconvex/numerics/Require"
import { advance } from "@nonconvex/problems/Advance"
import * as Average from "../methods/Average.ts"
import { extragradient } from "../methods/Extragradient.ts"
import { type Problem, regularised, sizeOf } from "../problem/Problem.ts"
import { projectedGradient } from "../methods/GradientDescentAscent.ts"
import { correct, requireBounded } from "./RegularisedMinimax.ts"
import { type Request, requireRequest, type Solution } from "./Solution.ts"
import * as Theory from "../theory/Theory.ts"
import { viResidual } from "../problem/ViResidual.ts"

/** Result of a subproblem. */
interface Solved {
  readonly evaluations: number
  readonly certified: boolean
}

/**
 * Extragradient on the subproblem around `center` until the VI residual of a half step is at most `accuracy`; writes the
 * result to `next`.
 */
const byExtragradient =
  (problem: Problem, D: number, accuracy: number) =>
  (center: Float64Array, next: Float64Array): Solved => {
    const l = problem.smoothness
    const whole = regularised(problem, l, center)
    const scheme = extragradient({ step: 0.25 / l })
    const state = scheme.init(whole, center)
    const limit = Theory.extragradientSteps(l, l, D, accuracy)
    const scratch = new Float64Array(center.length)
    const slack = Math.SQRT2 * D * problem.error
    let certified = false
    while (!certified && state.steps < limit && state.status === "running") {
      const limits = { certified: { slack, accuracy } }
      scheme.twin?.([state], limit - 1 - state.steps, undefined, limits)
      scheme.step(state)
      certified = viResidual(whole, state.candidate, state.halfAnswer, scratch) + slack <= accuracy
    }
    next.set(state.candidate)
    return { evaluations: state.evaluations, certified }
  }

/** GDA for the steps of Theorem 4.8, and the correction that Lemma C.5 needs. */
const byDescentAscent =
  (problem: Problem, D: number, delta: number, beta: number) =>
  (center: Float64Array, next: Float64Array): Solved => {
    const l = problem.smoothness
    const whole = regularised(problem, l, center)
    const scheme = projectedGradient({ step: 0.0625 / l })
    const state = scheme.init(whole, center)
    const steps = Theory.proximalInnerSteps(l, D, delta)
    advance(scheme, [state], steps)
    next.set(state.point)
    correct(whole, beta, next)
    return { evaluations: state.evaluations + 1, certified: true }
  }

/**
 * Algorithm 3 of Zhang et al. 2023: the mean of inexact proximal point steps of length `1 / l`. Each is solved by
 * extragradient to the accuracy of Theorem 4.7 (inexact start), or by GDA and a correction as in Theorem 4.8 (inexact
 * gradient).
 *
 * `steps` is the number of outer steps, by default that of the theorem. `beta` is the constant of the correction, by default
 * `4 l`, twice the smoothness of a subproblem (corrected: printed as 2 l). Returns the mean as `point` and the last iterate
 * as `last`. Throws InvalidInput on an unbounded set and on numbers that are not positive; BelowNoise if delta is below the
 * noise of float64.
 *
 * @example
 * ```ts import.meta.vitest
 * import { matrixGame } from "@nonconvex/problems"
 * import { inexactProximalPoint, saddlePoint } from "@nonconvex/reproducible-minimax"
 *
 * const pennies = matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 })
 * const request = { gap: 0.5, distance: Math.SQRT2, inexact: "start", delta: 0.1 } as const
 * const { point, status } = inexactProximalPoint(saddlePoint(pennies), Float64Array.of(1, 0, 0, 1), request)
 * status // => "certified"
 * pennies.dualityGap(point) <= 0.5 // => true
 * ```
 */
export const inexactProximalPoint = (
  problem: Problem,
  start: Float64Array,
  request: Request & { readonly steps?: number; readonly beta?: number },
): Solution & { readonly last: Float64Array } => {
  const operation = "inexactProximalPoint"
  const { delta, distance: D, gap: eps, inexact } = request
  const size = sizeOf(problem)
  Require.vector(operation, "start", start, size)
  requireRequest(operation, problem, request)
  requireBounded(operation, problem)
  const l = problem.smoothness
  const ofTheorem =
    inexact === "start"
      ? Theory.proximalStepsOfStart(l, D, eps)
      : Theory.proximalStepsOfGradient(l, D, eps)
  const { beta = Theory.correction(2 * l), steps = ofTheorem } = request
  const descend = byExtragradient(problem, D, Theory.proximalAccuracy(l, delta, steps))
  const inner = byDescentAscent(problem, D, delta, beta)
  const point = start.slice()
  problem.feasible.project(point, 0, size)
  const next = new Float64Array(size)
  const average = Average.make(size)
  let evaluations = 0
  let stalled = false
  for (let t = 0; t < steps; t++) {
    const { certified, evaluations: calls } = (inexact === "start" ? descend : inner)(point, next)
    evaluations += calls
    stalled ||= !certified
    point.set(next)
    Average.add(average, point)
  }
  return {
    point: Average.mean(average),
    last: point,
    regularisation: l,
    distance: Number.POSITIVE_INFINITY,
    steps,
    evaluations,
    status: stalled ? "stalled" : inexact === "start" ? "certified" : "fixed",
  }
}
