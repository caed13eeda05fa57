import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { plus, regularisedSolution } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"

/** One step of gradient descent, of length 1 / r, which overshoots because r is below the smoothness of the quadratic. */
const gradientStep: typeof regularisedSolution = (operator, r, center) => {
  const gradient = new Float64Array(center.length)
  operator(center, gradient)
  return plus(center, -1 / r, gradient)
}

export const regularisationPath = claim({
  id: "reproducible-minimax/regularisation-path",
  statement:
    "As the strength grows, the regularised minimiser moves closer to its centre and its objective grows.",
  inFloatingPoint: "limit",
  source: derived("the regularised minimiser as a function of its strength"),
  instances: Draw.record({
    ...RandomProblem.smallQuadratics,
    strength: Draw.logarithmic(1, 1e-4),
    ratio: Draw.logarithmic(100, 1.1),
  }),
  value: regularisedSolution,
  margin: ({ instance, value: solved }) => {
    const { problem, start, value } = RandomProblem.expandQuadratic(instance)
    const solve = (r: number) => solved(problem.operator, r, start)
    const [weak, strong] = [solve(instance.strength), solve(instance.strength * instance.ratio)]
    const distance = (x: Float64Array) => Vector.distance(x, start)
    const slack = 1e-9 * (1 + distance(weak))
    return Margin.all(
      Margin.atMost(distance(strong), distance(weak) + slack),
      Margin.atMost(value(weak), value(strong) + slack),
    )
  },
  controls: [
    { name: "a gradient step of length 1 / strength, which overshoots", value: gradientStep },
  ],
})
