import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { correct, regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { answerAt, regularised } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import * as Theory from "../../theory/Theory.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { outcome, posed, shared, steeper } from "../support/SteeperProblem.ts"

export const algorithm2OfItsParts = claim({
  id: "reproducible-minimax/algorithm-2-of-its-parts",
  statement:
    "Algorithm 2 takes steps of extragradient of length 1 / (2 (l + r)) on the regularised game, as many as its theorem says. From inexact starts it may stop at the first half step with VI residual and error within its accuracy. With inexact gradients it ends with a correction of length 1 / (2 (l + r)), whose residual gives the distance.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("Theorems 4.4 and 4.6, put together")),
  instances: Draw.record({ ...Random.gameFields, ...shared, set: Draw.oneOf("ball") }),
  value: 1,
  margin: ({ instance, kernels, value: times }) => {
    const { error, inexact, l, stop } = instance
    const { D, problem: plain, start } = Random.expand(instance, { kernels })
    const problem = { ...steeper(plain, l), error }
    const { delta, eps, off, options } = posed(instance, D)
    const found = regularisedMinimax(problem, start, options)
    const r = times * Theory.regularisation(eps, D)
    const whole = regularised(problem, r, start)
    const scheme = extragradient({ step: 0.5 / (l + r) })
    const state = scheme.init(whole, start)
    if (inexact === "gradient") {
      const steps = Theory.inexactExtragradientSteps(l, r, D, delta)
      while (state.steps < steps) scheme.step(state)
      const point = state.point.slice()
      const before = state.point.slice()
      const answer = answerAt(whole, before)
      correct(whole, 2 * (l + r), point)
      // the projection of a step is its point and a normal
      const after = answerAt(whole, point)
      const rest = after.map((x, i) => x + 2 * (l + r) * (before[i]! - point[i]!) - answer[i]!)
      return Margin.all(
        Margin.holds(same(found.point, point)),
        Margin.equal(found.evaluations, 2 * steps + 2, {}),
        Margin.equal(found.distance, (Vector.norm(rest) + off) / r, { relative: 1e-9 }),
        Margin.holds(found.status === "fixed"),
      )
    }
    const accuracy = Theory.minimaxAccuracyOfStart(eps, delta, D)
    const steps = Theory.extragradientSteps(l, r, D, accuracy)
    const scratch = start.slice()
    let isCertified = false
    while (state.steps < steps && !isCertified) {
      scheme.step(state)
      const residual = viResidual(whole, state.candidate, state.halfAnswer, scratch)
      isCertified = stop === "certified" && residual + Math.SQRT2 * D * off <= accuracy
    }
    return Margin.all(
      Margin.holds(same(found.point, state.candidate)),
      Margin.equal(found.steps, state.steps, {}),
      Margin.equal(found.distance, (state.residual + off) / r, { relative: 1e-12 }),
      Margin.holds(found.status === outcome(isCertified, stop === "fixed")),
    )
  },
  controls: [{ name: "half of the strength", value: 0.5 }],
})
