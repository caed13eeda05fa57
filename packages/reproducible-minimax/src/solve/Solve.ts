import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { publish, type Published, widthFor } from "./DitheredRounding.ts"
import { GapMissed } from "./Failures.ts"
import { plan as choose, type Plan } from "./Plan.ts"
import { type Problem, sizeOf } from "../problem/Problem.ts"
import { type Demands, requirePossible } from "./Refusal.ts"
import { begin, type Certified, type Run } from "./Run.ts"

export interface SolveOptions extends Demands {
  /** The seed that the runs share. */
  readonly seed: Seed.Seed
}

/** A certified answer, and the rounded one that machines agree on. */
export interface Answer {
  readonly plan: Plan
  readonly certified: Certified
  readonly published: Published
  /** Of the published point, and at most what was asked: as the problem computes it, or a bound where it has no closed form. */
  readonly gap: number
}

/** A solve that has begun: `run` advances it, `answer` closes it. */
export interface Solving {
  readonly plan: Plan
  readonly run: Run
  /** Throws GapMissed. */
  answer(certified: Certified): Answer
}

/** Begins to solve; see `solve`. */
export const prepare = (problem: Problem, start: Float64Array, options: SolveOptions): Solving => {
  const { deviation, failure, gap: asked, seed } = options
  Require.fraction("solve", "failure", failure)
  const chosen = choose(problem, start, options)
  const { exactDeviation, isProved, largestGap } = requirePossible(problem, start, options)
  const width = widthFor(deviation, failure, sizeOf(problem))
  return {
    plan: chosen,
    run: begin(problem, start, chosen),
    answer: (certified) => {
      const { feasible } = problem
      const published = publish(certified.point, { feasible, deviation, width, seed })
      const gap = problem.gap?.(published.point) ?? largestGap
      if (!(gap <= asked)) {
        throw new GapMissed({
          problem: problem.name,
          gap: asked,
          published: gap,
          ...(!isProved && { deviation: exactDeviation }),
        })
      }
      return { plan: chosen, certified, published, gap }
    },
  }
}

/**
 * Solves to a gap and a deviation, with a certificate, and rounds to bits that every machine publishes which was certified too, but
 * with the given probability over the seed. The gap is that of the rounded answer.
 *
 * Machines agree that share problem, start, tolerances and seed; their oracles may differ as much as the plan allows. Throws
 * Irreproducible where this oracle is not exact enough for the tolerances, TooCoarse where rounding would leave nothing of the answer or,
 * where nobody can compute the gap, may cost more of it than is left, NotMonotone where the game is not convex-concave, NotCertified
 * where the theory's steps do not suffice, GapMissed where the rounded answer is worse than was asked, InvalidInput on an unbounded
 * set and on tolerances that are not positive.
 */
export const solve = (problem: Problem, start: Float64Array, options: SolveOptions): Answer => {
  const solving = prepare(problem, start, options)
  const { run } = solving
  let certified = run.result()
  while (certified === undefined) {
    run.advance(1024)
    certified = run.result()
  }
  return solving.answer(certified)
}
