import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { projectedGradient } from "../../methods/GradientDescentAscent.ts"
import { answerAt } from "../../problem/Problem.ts"
import { derived } from "../support/Paper.ts"
import { expand, gameFields } from "../support/RandomProblem.ts"

export const projectedGradientResidual = claim({
  id: "reproducible-minimax/projected-gradient-residual",
  statement:
    "The residual of a step of projected gradient is the distance between the points before and after it divided by its length, and infinite before the first step.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("the gradient mapping (z - Pi(z - step V(z))) / step")),
  instances: Draw.record({
    ...gameFields,
    step: Draw.linear(0.1, 0.9),
    steps: Draw.integer(1, 4),
    isFree: Draw.oneOf(false, true),
  }),
  value: 1,
  /** Step of the method as a multiple of the one with which it is compared. */
  margin: ({ instance, kernels, value: times }) => {
    const { step } = instance
    const { problem: bounded, start } = expand(instance, { kernels })
    const problem = instance.isFree ? { ...bounded, feasible: FeasibleSet.wholeSpace } : bounded
    const scheme = projectedGradient({ step: times * step })
    const state = scheme.init(problem, start)
    const first = scheme.residual(state)
    for (let t = 1; t < instance.steps; t++) scheme.step(state)
    const before = state.point.slice()
    const answer = answerAt(problem, before)
    const after = before.map((x, i) => x - step * answer[i]!)
    problem.feasible.project(after, 0, after.length)
    scheme.step(state)
    const mapping = before.map((x, i) => (x - after[i]!) / step)
    return Margin.all(
      Margin.holds(first === Number.POSITIVE_INFINITY),
      Margin.equal(scheme.residual(state), Vector.norm(mapping), {
        relative: 1e-9,
        absolute: 1e-12,
      }),
    )
  },
  controls: [{ name: "twice the step", value: 2 }],
})
