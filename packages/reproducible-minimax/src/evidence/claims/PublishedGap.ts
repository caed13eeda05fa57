import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { publish } from "../../solve/DitheredRounding.ts"
import { solve } from "../../solve/Solve.ts"
import { certifiedGameFields } from "../support/CertifiedRun.ts"
import { derived } from "../support/Paper.ts"
import { type Drawn, expand } from "../support/RandomProblem.ts"

const publishedFields = {
  ...certifiedGameFields,
  curvature: Draw.oneOf(0),
  deviation: Draw.logarithmic(2e-3, 1e-6),
  /** Coarseness of the grid, as a multiple of the required one. */
  coarser: Draw.oneOf<number>(1),
}

type Published = Drawn<typeof publishedFields>

const publishedGapMargin = (instance: Published, given: Given): Margin.Comparison => {
  const { problem, start } = expand(instance, given)
  const { gap } = instance
  // what the slope of any of these games leaves room for
  const asked = { gap, deviation: instance.deviation * gap }
  const seed = Seed.root(instance.seed).child("publish")
  const answer = solve(problem, start, { ...asked, failure: 0.5, seed })
  const width = instance.coarser * answer.published.width
  const { feasible } = problem
  const { point } = publish(answer.certified.point, {
    feasible,
    deviation: asked.deviation,
    width,
    seed,
  })
  return Margin.all(
    Margin.atMost(problem.gap!(point), gap),
    Margin.holds(instance.coarser > 1 || answer.gap === problem.gap!(point)),
  )
}

export const publishedGap = claim({
  id: "reproducible-minimax/published-gap",
  statement:
    "The published answer of a solve, rounded and moved back to the set, has at most the requested duality gap, and its reported gap is correct.",
  inFloatingPoint: "run",
  source: derived("the bias, the certificate and the rounding, each times the slope of the gap"),
  instances: Draw.record(publishedFields),
  margin: ({ instance, kernels }) => publishedGapMargin(instance, { kernels }),
  controls: [
    {
      name: "a grid a thousand times as wide as the one that was checked",
      instances: Draw.record({
        ...publishedFields,
        deviation: Draw.logarithmic(2e-3, 2e-4),
        coarser: Draw.oneOf<number>(1000),
      }),
      margin: ({ instance, kernels }) => publishedGapMargin(instance, { kernels }),
    },
  ],
})
