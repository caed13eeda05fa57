import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { accelerated } from "../../methods/AcceleratedGradient.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { gradientDescent, projectedGradient } from "../../methods/GradientDescentAscent.ts"
import { optimisticGradient } from "../../methods/OptimisticGradient.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import { answering } from "../../problem/Problem.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand, gameFields } from "../support/RandomProblem.ts"

const methods: Readonly<Record<string, () => Scheme>> = {
  gradientDescent: () => gradientDescent({ step: 0.5 }),
  projectedGradient: () => projectedGradient({ step: 0.5 }),
  accelerated: () => accelerated({ smoothness: 2 }),
  extragradient: () => extragradient({ step: 0.5 }),
  optimisticGradient: () => optimisticGradient({ step: 0.5 }),
}

const values = { infinite: Infinity, "minus infinite": -Infinity, "not a number": Number.NaN }

export const divergenceKeepsTheLastPoint = claim({
  id: "reproducible-minimax/divergence-keeps-the-last-point",
  statement:
    "Once an answer is not finite in any coordinate, a method has diverged. Its point is, bit for bit, that of the previous step, which is the last counted step, and projected gradient has no residual.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("x - x is 0 of finite numbers alone")),
  instances: Draw.record({
    ...gameFields,
    method: Draw.oneOf(
      "gradientDescent",
      "projectedGradient",
      "accelerated",
      "extragradient",
      "optimisticGradient",
    ),
    value: Draw.oneOf("infinite", "minus infinite", "not a number"),
    /** Index of the coordinate, counted cyclically. */
    place: Draw.integer(0, 9),
    steps: Draw.integer(0, 4),
  }),
  value: true,
  /** The value says whether the oracle breaks: it does in the claim, and not in the control. */
  margin: ({ instance, kernels, value: breaks }) => {
    const { method, place, steps } = instance
    const { problem, start } = expand(instance, { kernels })
    let isBroken = false
    const fragile = answering(problem, (answer) => {
      if (isBroken) answer[place % answer.length] = values[instance.value]
    })
    const scheme = methods[method]!()
    const state = scheme.init(fragile, start)
    for (let t = 0; t < steps; t++) scheme.step(state)
    const before = state.point.slice()
    isBroken = breaks
    scheme.step(state)
    const hasNone = method === "gradientDescent" || method === "projectedGradient"
    return Margin.all(
      Margin.holds(state.status === "diverged"),
      Margin.holds(same(state.point, before)),
      Margin.equal(state.steps, steps, {}),
      Margin.holds(!hasNone || scheme.residual(state) === Number.POSITIVE_INFINITY),
    )
  },
  controls: [{ name: "answers that stay finite", value: false }],
})
