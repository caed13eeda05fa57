import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { answerAt, regularised } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import * as Theory from "../../theory/Theory.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { shared, steeper } from "../support/SteeperProblem.ts"

export const algorithm3OfItsParts = claim({
  id: "reproducible-minimax/algorithm-3-of-its-parts",
  statement:
    "Algorithm 3 starts on the set and returns the mean of proximal points of strength l. From inexact starts, extragradient of length 1 / (4 l) finds each, until VI residual and error are within the accuracy. With inexact gradients, the steps of GDA of length 1 / (16 l) find each, and a correction of length 1 / (4 l) or as asked.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("Theorems 4.7 and 4.8, put together")),
  instances: Draw.record({
    ...Random.gameFields,
    ...shared,
    set: Draw.oneOf("ball"),
    /** Place of the start: 3 lies outside of the set. */
    outside: Draw.oneOf(1, 3),
    /** Correction in multiples of l; 0 is the default. */
    beta: Draw.oneOf(0, 3),
    /** The outer ones; 0 is the default. */
    steps: Draw.oneOf(0, 2, 5),
  }),
  value: 1,
  /** The strength as a multiple of l. */
  margin: ({ instance, kernels, value: times }) => {
    const { beta, error, inexact, l } = instance
    const { D, problem: plain, start: inside } = Random.expand(instance, { kernels })
    const problem = { ...steeper(plain, l), error }
    const start = inside.map((x) => instance.outside * x)
    const size = start.length
    const delta = instance.delta * (inexact === "start" ? D : l * D * instance.gap)
    const found = inexactProximalPoint(problem, start, {
      gap: instance.gap * l * D * D,
      distance: D,
      inexact,
      delta,
      ...(beta > 0 && { beta: beta * l }),
      ...(instance.steps > 0 && { steps: instance.steps }),
    })
    const ofTheorem = Math.ceil((inexact === "start" ? 1 : 2) / instance.gap - 1e-9)
    const steps = instance.steps > 0 ? instance.steps : ofTheorem
    const accuracy = (delta * delta * l) / (2 * steps * steps)
    const point = start.slice()
    problem.feasible.project(point, 0, size)
    const sum = new Float64Array(size)
    const scratch = new Float64Array(size)
    let evaluations = 0
    let isStalled = false
    for (let t = 0; t < steps; t++) {
      const whole = regularised(problem, times * l, point)
      // as methods do with their starts, which changes last digits
      problem.feasible.project(point, 0, size)
      /** A projected gradient step of this length from `point`, with the answer at `at`. */
      const step = (length: number, at: Float64Array) => {
        const there = point.slice()
        Vector.axpy(-length, answerAt(whole, at), there)
        problem.feasible.project(there, 0, size)
        evaluations++
        return there
      }
      if (inexact === "start") {
        const limit = Theory.extragradientSteps(l, l, D, accuracy)
        let half = point
        let rest = Number.POSITIVE_INFINITY
        for (let n = 0; n < limit && rest > accuracy; n++) {
          half = step(0.25 / l, point)
          point.set(step(0.25 / l, half))
          rest = viResidual(whole, half, answerAt(whole, half), scratch) + Math.SQRT2 * D * error
        }
        isStalled ||= rest > accuracy
        point.set(half)
      } else {
        const inner = Theory.proximalInnerSteps(l, D, delta)
        for (let n = 0; n < inner; n++) point.set(step(0.0625 / l, point))
        point.set(step(1 / ((beta > 0 ? beta : 4) * l), point))
      }
      Vector.axpy(1, point, sum)
    }
    const mean = sum.map((x) => x / steps)
    const ends = inexact === "gradient" ? "fixed" : isStalled ? "stalled" : "certified"
    return Margin.all(
      Margin.holds(same(found.last, point)),
      Margin.atMost(Vector.distance(found.point, mean), 1e-12),
      Margin.equal(found.steps, steps, {}),
      Margin.equal(found.evaluations, evaluations, {}),
      Margin.equal(found.regularisation, l, {}),
      Margin.holds(found.distance === Number.POSITIVE_INFINITY),
      Margin.holds(found.status === ends),
    )
  },
  controls: [{ name: "half of the strength", value: 0.5 }],
})
