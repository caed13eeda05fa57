import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { publish, type Published, widthFor } from "./DitheredRounding.ts"
import { GapMissed } from "./Failures.ts"
import { plan as choose, type Plan } from "./Plan.ts"
import { type Problem, sizeOf } from "../problem/Problem.ts"
import { type Demands, requirePossible } from "./Refusal.ts"
import { type Certified, certify } from "./Run.ts"

export interface SolveOptions extends Demands {
  /** Seed that the machines share: it determines the shift of the rounding grid. */
  readonly seed: Seed.Seed
}

/** Certified answer, and the rounded answer on which machines agree. */
export interface Answer {
  readonly plan: Plan
  readonly certified: Certified
  readonly published: Published
  /** Gap of the published point, at most the requested one: computed by the problem, or a bound if it has no closed form. */
  readonly gap: number
}

/** Chooses a plan that meets the tolerances, and the rounding of its certified answer. Throws as `solve`. */
export const prepare = (
  problem: Problem,
  start: Float64Array,
  options: SolveOptions,
): { readonly plan: Plan; readonly publish: (certified: Certified) => Answer } => {
  const { deviation, failure, gap: asked, seed } = options
  Require.fraction("solve", "failure", failure)
  const chosen = choose(problem, start, options)
  const { instead, largestGap } = requirePossible(problem, start, options)
  const width = widthFor(deviation, failure, sizeOf(problem))
  return {
    plan: chosen,
    publish: (certified) => {
      const { feasible } = problem
      const published = publish(certified.point, { feasible, deviation, width, seed })
      const gap = problem.gap?.(published.point) ?? largestGap
      if (!(gap <= asked)) {
        throw new GapMissed({
          problem: problem.name,
          gap: asked,
          published: gap,
          ...(instead !== undefined && { possibleDeviation: instead }),
        })
      }
      return { plan: chosen, certified, published, gap }
    },
  }
}

/**
 * Solves to a given gap and deviation, with a certificate. Rounds to the bits that every other certified run publishes,
 * except with probability at most `failure` over the seed. The reported gap belongs to the rounded answer. Algorithms 1 to 3
 * of Zhang et al. 2023, with our own certificate, parameter choice and rounding.
 *
 * Machines with the same problem, start, tolerances and seed agree; their oracles may differ as much as the plan allows.
 * Throws Irreproducible if this oracle is not exact enough for the tolerances. Throws TooCoarse if the grid is as wide as
 * the set, or rounding may exceed the rest of a gap that cannot be computed. Throws NotMonotone if the game is not
 * convex-concave, NotCertified if the theory's steps do not suffice, and GapMissed if the rounded answer misses the gap.
 * Throws InvalidInput on an unbounded set, on tolerances that are not positive and on a failure outside (0, 1).
 */
export const solve = (problem: Problem, start: Float64Array, options: SolveOptions): Answer => {
  Require.seed("solve", "seed", options.seed)
  const { plan, publish: close } = prepare(problem, start, options)
  return close(certify(problem, start, plan))
}
