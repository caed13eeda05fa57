import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { begin } from "../support/FactorisationAxis.ts"
import { times } from "../support/Formula.ts"
import { derived } from "../support/Paper.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

export const factorisationDriftTime = claim({
  id: "optim-sam/factorisation-drift-time",
  statement:
    "On (xy)^2/2, settled on the axis, SAM takes [ln y - eta y^2 / 2 + eta^2 y^4 / 16] / (eta rho^2), between the two heights, steps from one to the other.",
  inFloatingPoint: "run",
  extent: { dimension: 2 },
  source: derived("the integral of the drift law"),
  subject: optimSam,
  instances: Draw.record({
    height: Draw.logarithmic(2, 15),
    product: Draw.linear(1, 0.05),
    radius: Draw.logarithmic(0.02, 3e-3),
    /** Height at the first record over height at the end. */
    ratio: Draw.linear(1.5, 4),
  }),
  value: Theory.axisDriftSteps,
  /** Margin of "the number of steps from one height to another equals `formula` to 1 %". */
  margin: ({ instance, subject, value: formula }) => {
    const { eta, method, rho, state } = begin(subject, instance)
    for (let t = 0; t < 200; t++) method.step(state)
    if (state.status === "diverged") return { margin: Number.NEGATIVE_INFINITY }
    const from = state.point[1]!
    const to = from / instance.ratio
    const expected = formula(eta, rho, from, to)
    let steps = 0
    while (state.point[1]! > to && steps < 2 * expected) {
      method.step(state)
      steps++
    }
    return Margin.equal(steps, expected, { relative: 0.01 })
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "half the steps", value: times(0.5, Theory.axisDriftSteps) },
    {
      name: "the steps for small learning rates",
      value: (eta, rho, from, to) => Elementary.log(from / to) / (eta * rho * rho),
    },
  ],
})
