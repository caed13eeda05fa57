import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexact } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/Theory.ts"
import { deviation } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const algorithm1InexactGradient = claim({
  id: "reproducible-minimax/algorithm-1-inexact-gradient",
  statement:
    "With gradient errors of at most delta, Algorithm 1 returns a gap of at most 6 delta^2 D^3 sqrt(l / (2 eps^3)) + eps / 2. The squared deviation is at most 48 delta^2 sqrt(l / (2 r^5)).",
  inFloatingPoint: "run",
  source: printed("Theorem 3.5"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...Random.fewCoordinates,
    gap: Draw.logarithmic(0.9, 0.01),
    exponent: Draw.linear(0, 3),
    strategy: Random.anyStrategy,
  }),
  value: (delta: number, r: number) => Theory.minimisationDeviationOfGradient(delta, 1, r),
  margin: ({ instance, subject, value: allowed }) => {
    const { minimiser, problem, start, stream, value } = Random.expandQuadratic(instance)
    const D = Math.max(1, Vector.distance(start, minimiser))
    const eps = instance.gap * D * D
    const delta = (eps / D) * Elementary.pow(10, -instance.exponent)
    const request = { gap: eps, distance: D, inexact: "gradient", delta } as const
    const run = (strategy: Random.StrategyName) => {
      const errors = Random.strategyOf(strategy, { reference: minimiser, stream })
      return subject.minimisation(inexact(problem, errors, delta), start, request).point
    }
    const [first, second] = [run(instance.strategy), run("opposed")]
    const gap = Theory.minimisationGapOfGradient(eps, delta, D, 1)
    return Margin.all(
      Margin.atMost(value(first), gap, 1e-9),
      Margin.atMost(deviation(first, second), allowed(delta, Theory.regularisation(eps, D)), 1e-9),
    )
  },
  controls: [
    { name: "the deviation of an inexact start", value: Theory.minimisationDeviationOfStart },
  ],
})
