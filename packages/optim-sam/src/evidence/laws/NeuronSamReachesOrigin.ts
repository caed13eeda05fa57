import { claim } from "@nonconvex/evidence"
import * as Link from "@nonconvex/problems/Link"
import { linearNeuron } from "@nonconvex/problems/Neuron"
import { arrival } from "../support/Arrival.ts"
import { runs, startOf } from "../support/LinearNeuron.ts"
import { recalled } from "../support/Paper.ts"
import { optimSam, withoutNormalisation, withoutPerturbation } from "../support/Subject.ts"

const objective = linearNeuron(Link.sqrt1p)

/** Second half of the comparison, Theorem 3. */
export const neuronSamReachesOrigin = claim({
  id: "optim-sam/neuron-sam-reaches-origin",
  statement:
    "On l(xy) with l(s) = sqrt(1 + s^2), SAM drifts along the minima to the flattest one: within 24 / (eta rho^2) steps it is at distance at most eta rho from the origin.",
  inFloatingPoint: "run",
  extent: { dimension: 2 },
  source: recalled("Theorem 3"),
  subject: optimSam,
  instances: runs,
  margin: ({ instance: run, subject }) => {
    const { learningRate, radius } = run
    return arrival(subject.sam(radius, learningRate), objective, startOf(run), {
      budget: 24 / (learningRate * radius * radius),
      goal: learningRate * radius,
    })
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "gradient descent", subject: withoutPerturbation },
    {
      name: "half the radius",
      subject: (subject) => ({ ...subject, sam: (radius, eta) => subject.sam(radius / 2, eta) }),
    },
  ],
})
