import { claim, Draw } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { growth, side } from "../support/GrowthAtThreshold.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomQuadratic } from "../support/RandomStronglyConvex.ts"
import { normalisedUsam, optimSam } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

/** The same, solved for the radius. */
export const usamRadiusThreshold = claim({
  id: "optim-sam/usam-radius-threshold",
  statement:
    "On a beta-smooth quadratic and with eta < 2/beta, USAM contracts when rho < (2 / (eta beta) - 1) / beta, and diverges from almost every start when rho is larger.",
  inFloatingPoint: "run",
  source: derived("Theorem 1, USAM, solved for the radius"),
  subject: optimSam,
  instances: Draw.record({
    problem: randomQuadratic(),
    /** Learning rate times smoothness. */
    product: Draw.linear(1, 0.1),
    multiple: within([1.5, 1.02], [0.5, 0.98]),
  }),
  value: Theory.usamRadiusThreshold,
  margin: ({ instance: { multiple, problem, product }, kernels, subject, value: threshold }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const eta = product / beta
    const radius = multiple * threshold(eta, beta)
    return side(growth(subject.usam(radius, eta), objective, start), multiple)
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the threshold", value: times(2, Theory.usamRadiusThreshold) },
  ],
})
