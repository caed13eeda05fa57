/**
 * Small dense semidefinite programs, by a primal-dual interior-point method on the homogeneous self-dual embedding. It uses the
 * scaling of Nesterov and Todd and the corrector of Mehrotra.
 *
 * Y. Ye, M. Todd, S. Mizuno, An O(sqrt(n) L)-iteration homogeneous and self-dual linear programming algorithm, 1994; Yu. Nesterov and
 * M. Todd, Primal-dual interior-point methods for self-scaled cones, 1998; steps as in L. Vandenberghe, The CVXOPT linear and quadratic
 * cone program solvers, 2010.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import { check, type Problem } from "./Problem.ts"
import * as Normal from "./Normal.ts"
import type { Solution, Solved } from "./Outcome.ts"
import { State } from "./State.ts"

export type { Infeasible, Solution, Solved } from "./Outcome.ts"
export type { Problem } from "./Problem.ts"

export interface Options {
  readonly kernels?: Kernels.Kernels
  /** Tolerance for residuals and gap; default 1e-9. */
  readonly tolerance?: number
  /** Maximum number of iterations; default 100. */
  readonly iterations?: number
  /** False keeps closer to the central path, in more steps: for an interior point of the optimal set, when its rank matters. */
  readonly isHasty?: boolean
  /** Called before each step. */
  readonly onStep?: (() => void) | undefined
}

/**
 * Solves a semidefinite program with a few blocks of order up to about 60 and hundreds of rows. Throws InvalidInput on wrong
 * lengths, numbers that are not finite and blocks that are not symmetric.
 *
 * @example
 * ```ts import.meta.vitest
 * import { solveSemidefinite } from "@nonconvex/worst-case"
 *
 * // the least eigenvalue of a matrix: minimise <A, X> where the trace of X is 1
 * const answer = solveSemidefinite({
 *   orders: [2],
 *   nonnegative: 0,
 *   free: 0,
 *   rows: Float64Array.of(1, 0, 0, 1),
 *   bounds: Float64Array.of(1),
 *   inequalities: 0,
 *   cost: Float64Array.of(2, 1, 1, 2),
 * })
 * answer.status // => "solved"
 * answer.status === "solved" ? answer.dualObjective : NaN // ≈ 1.0000
 * ```
 */
export const solve = (problem: Problem, options: Options = {}): Solution => {
  check(problem)
  const given = options.kernels ?? Kernels.standard()
  const attempt = (by: "largest" | "mean"): Solution => {
    const normal = Normal.normalise(problem, by)
    const kernels = Kernels.withRoom(given, 8 * State.doubles(normal.problem))
    return kernels.arena.scoped((space) =>
      iterate(normal, new State(kernels, normal.problem, space), options),
    )
  }
  const first = attempt("largest")
  if (first.status !== "stalled" || errorOf(first) <= rescaled) return first
  const second = attempt("mean")
  return second.status === "stalled" && errorOf(second) > errorOf(first) ? first : second
}

/** Error above which a stalled program is tried in another scaling. */
const rescaled = 1e-7

const errorOf = ({ dualResidual, gap, primalResidual }: Solved): number =>
  Math.max(dualResidual, gap, primalResidual)

/** Steps without progress before the solver stops. */
const patience = 8

const iterate = (normal: Normal.Normal, state: State, options: Options): Solution => {
  const { isHasty = true, iterations = 100, tolerance = 1e-9 } = options
  let best = state.solved()
  let failures = 0
  for (let count = 0; ; count++) {
    const now = state.solved()
    if (now.error < best.error) {
      best = now
      failures = 0
    } else {
      failures++
    }
    if (best.error <= tolerance) return Normal.solved(normal, best, "solved", count)
    const ray = state.ray(Math.max(tolerance, 1e-9))
    if (ray !== undefined) return Normal.ray(normal, ray, count)
    options.onStep?.()
    if (count === iterations || failures > patience || !state.step(isHasty)) {
      return Normal.solved(normal, best, "stalled", count)
    }
  }
}
