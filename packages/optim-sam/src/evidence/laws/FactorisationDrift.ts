/** The scalar factorisation `(x y)^2 / 2` near the axis of its minima: how fast SAM drifts along it. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { derived } from "../support/Paper.ts"
import { type Subject, withoutNormalisation, optimSam } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

const objective = scalarFactorisation()

const onAxis = Draw.record({
  /** The height y0 at which SAM starts, beside the axis x = 0. */
  height: Draw.logarithmic(1, 20),
  /** `eta y0^2`: the learning rate in units of the curvature. */
  product: within([1, 0.01], [1, 1.2]),
  /** `rho / y0`. */
  radius: Draw.logarithmic(0.02, 1e-3),
})
type OnAxis = Draw.Drawn<typeof onAxis>

const begin = (subject: Subject, { height, product, radius }: OnAxis) => {
  const rho = radius * height
  const eta = product / (height * height)
  const method = subject.sam(rho, eta)
  const state = method.init(objective, Float64Array.of((rho * product) / 2, height))
  return { eta, rho, method, state }
}

const settling = 3000
const window = 50

const formulas = { drift: Theory.axisDrift, amplitude: Theory.axisAmplitude }

export const axisDrift = claim({
  id: "optim-sam/factorisation-axis-drift",
  statement:
    "On (xy)^2/2, settled on the axis at height y with eta y^2 < 2, SAM bounces with |x| = eta rho y^2 / (2 - eta y^2) and drifts by y <- y (1 - 4 eta rho^2 / (2 - eta y^2)^2).",
  inFloatingPoint: "run",
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

export const axisDriftTime = claim({
  id: "optim-sam/factorisation-drift-time",
  statement:
    "On (xy)^2/2, settled on the axis, SAM takes [ln y - eta y^2 / 2 + eta^2 y^4 / 16] / (eta rho^2), between the two heights, steps from one to the other.",
  inFloatingPoint: "run",
  source: derived("the integral of the drift law"),
  subject: optimSam,
  instances: Draw.record({
    height: Draw.logarithmic(2, 15),
    product: Draw.linear(1, 0.05),
    radius: Draw.logarithmic(0.02, 3e-3),
    /** Height at the first look over height at the end. */
    ratio: Draw.linear(1.5, 4),
  }),
  value: Theory.axisDriftSteps,
  /** The margin that the steps from one height to another are `formula`'s, to 1 %. */
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
