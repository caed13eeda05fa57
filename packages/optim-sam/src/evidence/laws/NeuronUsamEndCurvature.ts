import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Link from "@nonconvex/problems/Link"
import { linearNeuron } from "@nonconvex/problems/Neuron"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { type Run, startOf } from "../support/LinearNeuron.ts"
import { recalled } from "../support/Paper.ts"
import { normalisedUsam, optimSam, type Subject } from "../support/Subject.ts"

const objective = linearNeuron(Link.sqrt1p)

const horizon = 400_000

/** y^2 after 400,000 steps, or once y has not moved for a thousand. */
const endCurvature = (subject: Subject, run: Run): number => {
  const method = subject.usam(run.radius, run.learningRate)
  const state = method.init(objective, startOf(run))
  let last = Number.NaN
  for (let t = 0; t < horizon && state.point[1] !== last; t += 1000) {
    last = state.point[1]!
    for (let k = 0; k < 1000; k++) method.step(state)
  }
  return state.point[1]! * state.point[1]!
}

export const neuronUsamEndCurvature = claim({
  id: "optim-sam/neuron-usam-end-curvature",
  statement:
    "On l(xy) with l(s) = sqrt(1 + s^2), USAM from a sharper start ends at a minimum. Its curvature z = y^2 is the root of z (1 + rho z) = 2 / eta.",
  inFloatingPoint: "run",
  extent: { dimension: 2 },
  source: recalled("Theorem 4"),
  subject: optimSam,
  instances: Draw.record({
    learningRate: Draw.logarithmic(0.05, 3e-3),
    gamma: Draw.oneOf(2, 1, 4),
    radius: Draw.logarithmic(0.3, 5e-3),
  }).filter(
    ({ gamma, learningRate, radius }) =>
      Theory.usamEndCurvature(learningRate, radius) < (0.8 * gamma) / learningRate,
  ),
  value: Theory.usamEndCurvature,
  margin: ({ instance: run, subject, value: formula }) =>
    Margin.equal(endCurvature(subject, run), formula(run.learningRate, run.radius), {
      relative: 0.02,
    }),
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the curvature", value: times(2, Theory.usamEndCurvature) },
    { name: "the end of gradient descent, 2/eta", value: (eta) => 2 / eta },
    { name: "half the radius", value: (eta, rho) => Theory.usamEndCurvature(eta, rho / 2) },
  ],
})
