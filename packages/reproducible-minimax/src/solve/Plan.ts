import * as Require from "@nonconvex/numerics/Require"
import { type Problem, sizeOf } from "../problem/Problem.ts"
import { requireBounded } from "../algorithms/RegularisedMinimax.ts"
import * as Theory from "../theory/Theory.ts"

/** Tolerances of the user: the quality of the answer, and the distance of the answers of two machines. */
export interface Tolerances {
  /** eps: of the objective above its minimum on the set, or the duality gap. */
  readonly gap: number
  /** rho: the largest distance between the answers of two runs. */
  readonly deviation: number
}

/**
 * Plan to meet the tolerances. It depends only on the problem and the tolerances, never on the oracle, so machines of
 * different precision have the same target. A run tests whether a machine is precise enough.
 */
export interface Plan extends Tolerances {
  /** One regularised problem (Algorithms 1 and 2), or the mean of proximal steps (Algorithm 3). */
  readonly algorithm: "regularised" | "proximal"
  /** Strength r of the regularisation; of each proximal step the smoothness. */
  readonly strength: number
  /** Number of proximal steps; 1 for a single regularised problem. */
  readonly outer: number
  /** Accuracy of each (sub)problem, so that every run is within half of the deviation. */
  readonly distance: number
  /** The largest error of an oracle that can be certified: half of the strength times the distance. */
  readonly allowedError: number
}

/**
 * Chooses the regularisation and the algorithm. Derived here.
 *
 * With `r = gap / R^2`, where R is the largest distance in the set from the start, the regularisation costs half of the gap.
 * The other half is available for the error of the oracle. At the same deviation, one regularised problem has a gap of about
 * `58 l D^3 error / gap` (Theorem 4.6, corrected). The proximal steps have `33.5 D error` (Theorem 4.8, corrected), and are
 * chosen if the first gap is too large. Minimisation is always regularised. Throws InvalidInput on an unbounded set and on
 * tolerances that are not positive.
 */
export const plan = (problem: Problem, start: Float64Array, tolerances: Tolerances): Plan => {
  const { deviation, gap } = tolerances
  const size = sizeOf(problem)
  Require.positive("plan", "gap", gap)
  Require.positive("plan", "deviation", deviation)
  Require.vector("plan", "start", start, size)
  requireBounded("plan", problem)
  const l = problem.smoothness
  const reach = problem.feasible.reach(start, 0, size)
  // a set of one point: any strength does
  const strength = reach === 0 ? Math.max(gap, l) : gap / (reach * reach)
  const allowedError = (strength * deviation) / 4
  const D = problem.feasible.diameter(size) / Math.SQRT2
  const regularised: Plan = {
    gap,
    deviation,
    algorithm: "regularised",
    strength,
    outer: 1,
    distance: deviation / 2,
    allowedError,
  }
  const fits = Theory.minimaxGapOfGradient(l, D, gap, allowedError) <= 1.5 * gap
  if (problem.dimensions[1] === 0 || fits || l === 0) return regularised
  const outer = Math.max(1, Math.ceil((l * reach * reach) / gap))
  const distance = deviation / (outer + 1)
  const proximal = { algorithm: "proximal", strength: l, outer, distance } as const
  return { gap, deviation, ...proximal, allowedError: (l * distance) / 2 }
}
