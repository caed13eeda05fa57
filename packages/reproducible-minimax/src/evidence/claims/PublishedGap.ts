/** The gap of what a solve publishes. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { certifiedGameFields } from "../support/CertifiedRun.ts"
import { derived } from "../support/Paper.ts"
import { type Drawn, expand } from "../support/RandomProblem.ts"
import { publish } from "../../solve/DitheredRounding.ts"
import { solve } from "../../solve/Solve.ts"

const publishedFields = {
  ...certifiedGameFields,
  curvature: Draw.oneOf(0),
  deviation: Draw.logarithmic(2e-3, 1e-6),
  /** Of the grid, as a multiple of the one that is needed. */
  coarser: Draw.oneOf<number>(1),
}
type Published = Drawn<typeof publishedFields>

const publishedGapMargin = (instance: Published, given: Given): number => {
  const { problem, start } = expand(instance, given)
  const { gap } = instance
  // what the slope of any of these games leaves room for
  const deviation = instance.deviation * gap
  const tolerances = { gap, deviation, failure: 0.5 }
  const seed = Seed.root(instance.seed).child("publish")
  const answer = solve(problem, start, { ...tolerances, seed })
  const width = instance.coarser * answer.published.width
  const { feasible } = problem
  const { point } = publish(answer.certified.point, { feasible, deviation, width, seed })
  return Margin.all(
    Margin.atMost(problem.gap!(point), gap),
    Margin.holds(instance.coarser > 1 || answer.gap === problem.gap!(point)),
  )
}

export const publishedGap = claim<Published>({
  id: "reproducible-minimax/published-gap",
  statement:
    "What a solve publishes, rounded and moved back to the set, has a duality gap of at most what was asked, and it says which.",
  source: derived("the bias, the certificate and the rounding, each times the slope of the gap"),
  instances: Draw.record<Published>(publishedFields),
  margin: publishedGapMargin,
  controls: [
    {
      name: "a grid a thousand times as wide as the refusal has judged",
      instances: Draw.record<Published>({
        ...publishedFields,
        deviation: Draw.logarithmic(2e-3, 2e-4),
        coarser: Draw.oneOf<number>(1000),
      }),
      margin: publishedGapMargin,
    },
  ],
})
