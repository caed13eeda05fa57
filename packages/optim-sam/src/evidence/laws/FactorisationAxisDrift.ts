import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { begin, onAxis } from "../support/FactorisationAxis.ts"
import { times } from "../support/Formula.ts"
import { derived } from "../support/Paper.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

const settling = 3000

const window = 50

const formulas = { drift: Theory.axisDrift, amplitude: Theory.axisAmplitude }

export const factorisationAxisDrift = claim({
  id: "optim-sam/factorisation-axis-drift",
  statement:
    "On (xy)^2/2, let SAM have settled on the axis at height y with eta y^2 < 2. Then it bounces with |x| = eta rho y^2 / (2 - eta y^2). It drifts by y <- y (1 - 4 eta rho^2 / (2 - eta y^2)^2).",
  inFloatingPoint: "run",
  extent: { dimension: 2 },
  source: derived("the drift of SAM in Theorem 2, as a law"),
  subject: optimSam,
  instances: onAxis,
  value: formulas,
  margin: ({ instance, subject, value: { amplitude, drift } }) => {
    const { eta, method, rho, state } = begin(subject, instance)
    for (let t = 0; t < settling; t++) method.step(state)
    const before = state.point[1]!
    const width = Math.abs(state.point[0]!)
    for (let t = 0; t < window; t++) method.step(state)
    if (state.status === "diverged") return { margin: Number.NEGATIVE_INFINITY }
    let expected = before
    for (let t = 0; t < window; t++) expected = drift(eta, rho, expected)
    return Margin.all(
      Margin.equal(before - state.point[1]!, before - expected, { relative: 2e-3 }),
      Margin.equal(width, amplitude(eta, rho, before), { relative: 5e-3 }),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "twice the drift",
      value: { ...formulas, drift: (eta, rho, y) => 2 * Theory.axisDrift(eta, rho, y) - y },
    },
    {
      name: "the drift for small learning rates, eta rho^2 y",
      value: { ...formulas, drift: (eta, rho, y) => y * (1 - eta * rho * rho) },
    },
    {
      name: "twice the amplitude",
      value: { ...formulas, amplitude: times(2, Theory.axisAmplitude) },
    },
  ],
})
