import { claim } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { growth, nearThreshold, side } from "../support/GrowthAtThreshold.ts"
import { recalled } from "../support/Paper.ts"
import { expand } from "../support/RandomStronglyConvex.ts"
import { normalisedUsam, optimSam } from "../support/Subject.ts"

/** USAM needs a smaller learning rate than gradient descent. */
export const usamThreshold = claim({
  id: "optim-sam/usam-threshold",
  statement:
    "On a beta-smooth quadratic USAM contracts from every start when eta < 2 / (beta + rho beta^2), and diverges from almost every start when eta is larger.",
  inFloatingPoint: "run",
  source: recalled("Theorem 1, USAM"),
  subject: optimSam,
  instances: nearThreshold,
  value: Theory.usamThreshold,
  margin: ({ instance: { multiple, problem, radius }, kernels, subject, value: threshold }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const eta = multiple * threshold(radius, beta)
    return side(growth(subject.usam(radius, eta), objective, start), multiple)
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the threshold", value: times(2, Theory.usamThreshold) },
    {
      name: "half the radius in the threshold",
      value: (rho, lambda) => Theory.usamThreshold(rho / 2, lambda),
    },
    {
      name: "the threshold of gradient descent",
      value: (_rho, lambda) => Theory.gradientDescentThreshold(lambda),
    },
  ],
})
