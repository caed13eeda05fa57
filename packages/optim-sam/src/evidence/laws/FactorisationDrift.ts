/** The scalar factorisation `(x y)^2 / 2` near the axis of its minima: how fast SAM drifts along it. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { derived } from "../support/Paper.ts"
import { type Subject, withoutNormalisation } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

const objective = scalarFactorisation()

interface OnAxis {
  /** The height y0 at which SAM starts, beside the axis x = 0. */
  readonly height: number
  /** `eta y0^2`: the learning rate in units of the curvature. */
  readonly product: number
  /** `rho / y0`. */
  readonly radius: number
}

const begin = (subject: Subject, { height, product, radius }: OnAxis) => {
  const rho = radius * height
  const eta = product / (height * height)
  const method = subject.sam(rho, eta)
  const state = method.init(objective, Float64Array.of((rho * product) / 2, height))
  return { eta, rho, method, state }
}

interface DriftLaw {
  readonly drift: typeof Theory.axisDrift
  readonly amplitude: typeof Theory.axisAmplitude
}

const settling = 3000
const window = 50

const driftMargin =
  (changed: Partial<DriftLaw> = {}) =>
  (subject: Subject, instance: OnAxis): number => {
    const drift = changed.drift ?? Theory.axisDrift
    const amplitude = changed.amplitude ?? Theory.axisAmplitude
    const { eta, method, rho, state } = begin(subject, instance)
    for (let t = 0; t < settling; t++) method.step(state)
    const before = state.point[1]!
    const width = Math.abs(state.point[0]!)
    for (let t = 0; t < window; t++) method.step(state)
    if (state.status === "diverged") return Number.NEGATIVE_INFINITY
    let expected = before
    for (let t = 0; t < window; t++) expected = drift(eta, rho, expected)
    return Margin.all(
      Margin.equal(before - state.point[1]!, before - expected, { relative: 2e-3 }),
      Margin.equal(width, amplitude(eta, rho, before), { relative: 5e-3 }),
    )
  }

export const axisDrift = law<Subject, OnAxis>({
  id: "optim-sam/factorisation-axis-drift",
  statement:
    "On (xy)^2/2, settled on the axis at height y with eta y^2 < 2, SAM bounces with |x| = eta rho y^2 / (2 - eta y^2) and drifts by y <- y (1 - 4 eta rho^2 / (2 - eta y^2)^2).",
  source: derived("the drift of SAM in Theorem 2, as a law"),
  instances: Draw.record({
    height: Draw.logarithmic(1, 20),
    product: within([1, 0.01], [1, 1.2]),
    radius: Draw.logarithmic(0.02, 1e-3),
  }),
  margin: driftMargin(),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "twice the drift",
      margin: driftMargin({ drift: (eta, rho, y) => 2 * Theory.axisDrift(eta, rho, y) - y }),
    },
    {
      name: "the drift for small learning rates, eta rho^2 y",
      margin: driftMargin({ drift: (eta, rho, y) => y * (1 - eta * rho * rho) }),
    },
    {
      name: "twice the amplitude",
      margin: driftMargin({ amplitude: times(2, Theory.axisAmplitude) }),
    },
  ],
})

interface Passage extends OnAxis {
  /** Height at the first look over height at the end. */
  readonly ratio: number
}

/** The margin that the steps from one height to another are `formula`'s, to 1 %. */
const passageMargin =
  (formula: typeof Theory.axisDriftSteps) =>
  (subject: Subject, instance: Passage): number => {
    const { eta, method, rho, state } = begin(subject, instance)
    for (let t = 0; t < 200; t++) method.step(state)
    if (state.status === "diverged") return Number.NEGATIVE_INFINITY
    const from = state.point[1]!
    const to = from / instance.ratio
    const expected = formula(eta, rho, from, to)
    let steps = 0
    while (state.point[1]! > to && steps < 2 * expected) {
      method.step(state)
      steps++
    }
    return Margin.equal(steps, expected, { relative: 0.01 })
  }

export const axisDriftTime = law<Subject, Passage>({
  id: "optim-sam/factorisation-drift-time",
  statement:
    "On (xy)^2/2, settled on the axis, SAM takes [ln y - eta y^2 / 2 + eta^2 y^4 / 16] / (eta rho^2), between the two heights, steps from one to the other.",
  source: derived("the integral of the drift law"),
  instances: Draw.record({
    height: Draw.logarithmic(2, 15),
    product: Draw.linear(1, 0.05),
    radius: Draw.logarithmic(0.02, 3e-3),
    ratio: Draw.linear(1.5, 4),
  }),
  margin: passageMargin(Theory.axisDriftSteps),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "half the steps", margin: passageMargin(times(0.5, Theory.axisDriftSteps)) },
    {
      name: "the steps for small learning rates",
      margin: passageMargin((eta, rho, from, to) => Math.log(from / to) / (eta * rho * rho)),
    },
  ],
})
