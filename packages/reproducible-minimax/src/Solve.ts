import { Require, type Seed } from "@nonconvex/numerics"
import { publish, type Published, widthFor } from "./DitheredRounding.ts"
import { plan as choose, type Plan, type Tolerances } from "./Plan.ts"
import { type Problem, sizeOf } from "./Problem.ts"
import { begin, type Certified, type Run } from "./Run.ts"

export interface SolveOptions extends Tolerances {
  /** Largest probability, over the seed, that two certified runs publish other bits. */
  readonly failure: number
  /** The seed that the runs share. */
  readonly seed: Seed.Seed
}

/** A certified answer, and the rounded one that machines agree on. */
export interface Answer {
  readonly plan: Plan
  readonly certified: Certified
  readonly published: Published
}

/** A solve that has begun: `run` advances it, `answer` closes it. */
export interface Solving {
  readonly plan: Plan
  readonly run: Run
  answer(certified: Certified): Answer
}

/** Begins to solve; see `solve`. */
export const prepare = (problem: Problem, start: Float64Array, options: SolveOptions): Solving => {
  Require.positive("solve", "failure", options.failure)
  const chosen = choose(problem, start, options)
  const { deviation, failure, seed } = options
  const width = widthFor(deviation, failure, sizeOf(problem))
  return {
    plan: chosen,
    run: begin(problem, start, chosen),
    answer: (certified) => ({
      plan: chosen,
      certified,
      published: publish(certified.point, { feasible: problem.feasible, deviation, width, seed }),
    }),
  }
}

/**
 * Solves to a gap and a deviation, with a certificate, and rounds to bits that every machine publishes which was certified too, but
 * with the given probability over the seed.
 *
 * Machines agree that share problem, start, tolerances and seed; their oracles may differ as much as the plan allows. Throws
 * Irreproducible where this oracle is not exact enough for the tolerances, NotMonotone where the game is not convex-concave,
 * NotCertified where the theory's steps do not suffice, InvalidInput on an unbounded set and on tolerances that are not positive.
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
