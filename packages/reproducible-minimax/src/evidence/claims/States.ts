/** What the states of methods say: residuals of steps, and how a run ends whose answers are not finite. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { accelerated } from "../../methods/Accelerated.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { optimisticGradient } from "../../methods/OptimisticGradient.ts"
import { gradientDescent, projectedGradient } from "../../methods/GradientDescentAscent.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import { answerAt, answering } from "../../problem/Problem.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand, gameFields } from "../support/RandomProblem.ts"

export const residualOfGradient = claim({
  id: "reproducible-minimax/projected-gradient-residual",
  statement:
    "The residual of a step of projected gradient is the distance between the points around it by its length, and infinite before the first.",
  inFloatingPoint: "agreement",
  source: derived("the gradient mapping (z - Pi(z - step V(z))) / step"),
  instances: Draw.record({
    ...gameFields,
    step: Draw.linear(0.1, 0.9),
    steps: Draw.integer(1, 4),
    isFree: Draw.oneOf(false, true),
  }),
  value: 1,
  /** The step of the method as a multiple of the one that it is compared with. */
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

const methods: Readonly<Record<string, () => Scheme>> = {
  gradientDescent: () => gradientDescent({ step: 0.5 }),
  projectedGradient: () => projectedGradient({ step: 0.5 }),
  accelerated: () => accelerated({ smoothness: 2 }),
  extragradient: () => extragradient({ step: 0.5 }),
  optimisticGradient: () => optimisticGradient({ step: 0.5 }),
}

const values = { infinite: Infinity, "minus infinite": -Infinity, "not a number": Number.NaN }

export const divergence = claim({
  id: "reproducible-minimax/divergence-keeps-the-last-point",
  statement:
    "Once an answer is not finite in one coordinate, whichever, a method has diverged: its point is, to the bit, that of the step before, which is the last that counts, and projected gradient has no residual.",
  inFloatingPoint: "bits",
  source: derived("x - x is 0 of finite numbers alone"),
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
    /** Of the coordinate, counted around. */
    place: Draw.integer(0, 9),
    steps: Draw.integer(0, 4),
  }),
  value: true,
  /** Whether the oracle breaks. */
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
