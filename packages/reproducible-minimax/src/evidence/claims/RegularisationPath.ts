import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { regularisedSolution } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"

export const regularisationPath = claim({
  id: "reproducible-minimax/regularisation-path",
  statement:
    "The regularised minimiser comes nearer to its centre, and its objective grows, as the strength grows.",
  inFloatingPoint: "limit",
  source: derived("the regularised minimiser as a function of its strength"),
  instances: Draw.record({
    ...RandomProblem.smallQuadratics,
    strength: Draw.logarithmic(1, 1e-4),
    ratio: Draw.logarithmic(100, 1.1),
  }),
  value: 1,
  margin: ({ instance, value: sign }) => {
    const { problem, start, value } = RandomProblem.expandQuadratic(instance)
    const solve = (r: number) => regularisedSolution(problem.operator, r, start)
    const [weak, strong] = [solve(instance.strength), solve(instance.strength * instance.ratio)]
    const distance = (x: Float64Array) => Vector.distance(x, start)
    const slack = 1e-9 * (1 + distance(weak))
    return Margin.all(
      Margin.atMost(sign * distance(strong), sign * distance(weak) + slack),
      Margin.atMost(sign * value(weak), sign * value(strong) + slack),
    )
  },
  controls: [{ name: "the other way round", value: -1 }],
})
