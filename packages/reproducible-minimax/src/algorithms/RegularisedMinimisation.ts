import { acceleratedStronglyConvex, inexactAccelerated } from "../methods/AcceleratedGradient.ts"
import { answerAt, type Problem, regularised, sizeOf } from "../problem/Problem.ts"
import { errorFor, type Request, requireRequest, type Solution, type Stop } from "./Solution.ts"
import * as Theory from "../theory/Theory.ts"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** Upper bound on `F_r(x_0) - F_r* + (r / 2) D^2`: from the smoothness on the whole space, and from the gradient on a set. */
const initialGap = (
  problem: Problem,
  start: Float64Array,
  { D, error, r }: { readonly D: number; readonly error: number; readonly r: number },
): number => {
  if (problem.feasible.radius === Number.POSITIVE_INFINITY) {
    return Theory.initialGap(problem.smoothness, D, r)
  }
  return (Vector.norm(answerAt(problem, start)) + error) * D + r * D * D
}

/**
 * Algorithm 1 of Zhang et al. 2023: accelerated gradient descent on `F + (r / 2) |x - x_0|^2` with `r = eps / D^2`. The accuracy
 * is that of Theorem 3.3 (inexact start) or Theorem 3.5 (inexact gradient).
 *
 * `distance` is D, a bound on `|x_0 - x*|`. Stops as soon as the gap of the regularised objective is certified to be within the
 * accuracy (default), or with `stop: "fixed"` after the steps of the theorem. `status` is `stalled` if they end without a
 * certificate, at the noise floor of the oracle. Throws InvalidInput on a game, on numbers that are not positive, and on a gap
 * above `l D^2` with an inexact gradient. Throws BelowNoise if delta is below the noise of float64.
 *
 * @example
 * ```ts import.meta.vitest
 * import { minimisation, regularisedMinimisation } from "@nonconvex/reproducible-minimax"
 * import { quadratic } from "@nonconvex/problems"
 *
 * const problem = minimisation(quadratic({ spectrum: [0.3, 1], minimiser: Float64Array.of(0, 1) }))
 * const request = { gap: 0.05, distance: 2.5, inexact: "start", delta: 1e-3 } as const
 * const { point, status } = regularisedMinimisation(problem, Float64Array.of(2, 0), request)
 * status // => "certified"
 * // near the minimiser (0, 1), and drawn towards the start a little
 * Array.from(point, (x) => Number(x.toFixed(2))) // => [0.05, 0.99]
 * ```
 */
export const regularisedMinimisation = (
  problem: Problem,
  start: Float64Array,
  request: Request & { readonly stop?: Stop },
): Solution => {
  const operation = "regularisedMinimisation"
  const { delta, distance: D, gap: eps, inexact, stop = "certified" } = request
  Require.vector(operation, "start", start, sizeOf(problem))
  requireRequest(operation, problem, request)
  if (problem.dimensions[1] !== 0) {
    invalid(operation, "the problem must be a minimisation", { max: problem.dimensions[1] })
  }
  const l = problem.smoothness
  if (inexact === "gradient" && eps > l * D * D) {
    invalid(operation, "the gap must be at most l D^2", { gap: eps, "l D^2": l * D * D })
  }
  const r = Theory.regularisation(eps, D)
  const error = errorFor(problem, request)
  const constants = { smoothness: l + r, strongConvexity: r }
  const whole = regularised(problem, r, start)
  const initial = initialGap(problem, start, { D, error, r })
  const [scheme, accuracy, steps, step] =
    inexact === "start"
      ? [
          acceleratedStronglyConvex(constants),
          Theory.minimisationAccuracyOfStart(eps, delta, D),
          Theory.acceleratedSteps(l, r, initial, Theory.minimisationAccuracyOfStart(eps, delta, D)),
          1 / (l + r),
        ]
      : [
          inexactAccelerated(constants),
          Theory.minimisationAccuracyOfGradient(eps, delta, D, l),
          Theory.inexactAcceleratedSteps(l, r, initial, delta),
          0.5 / (l + r),
        ]
  const state = scheme.init(whole, start)
  const exact = error === 0 && inexact === "start"
  // the gradient at x+ differs from the one at y by the smoothness, and from the oracle's by its error
  const gap = () =>
    exact
      ? Theory.gapFromMapping(state.residual, r, l + r)
      : Theory.gapFromResidual((1 + step * (l + r)) * state.residual, error, r)
  let certified = false
  while (state.steps < steps && !certified && state.status === "running") {
    scheme.step(state)
    certified = stop === "certified" && gap() <= accuracy
  }
  return {
    point: state.point.slice(),
    regularisation: r,
    distance: Theory.distanceFromResidual(state.residual, error, r),
    steps: state.steps,
    evaluations: state.evaluations,
    status: certified ? "certified" : gap() <= accuracy ? "fixed" : "stalled",
  }
}
