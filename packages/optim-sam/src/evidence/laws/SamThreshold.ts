import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { growth, horizon, nearThreshold, side } from "../support/GrowthAtThreshold.ts"
import { recalled } from "../support/Paper.ts"
import { expand } from "../support/RandomStronglyConvex.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

/** The main statement of Theorem 1: with the normalisation, SAM is stable wherever gradient descent is. */
export const samThreshold = claim({
  id: "optim-sam/sam-threshold",
  statement:
    "On a beta-smooth quadratic SAM stays bounded when eta < 2/beta and diverges from almost every start when eta > 2/beta, for every radius: just like gradient descent.",
  inFloatingPoint: "run",
  source: recalled("Theorem 1: SAM keeps the criterion of gradient descent"),
  subject: optimSam,
  instances: nearThreshold,
  value: Theory.gradientDescentThreshold,
  margin: ({ instance: { multiple, problem, radius }, kernels, subject, value: threshold }) => {
    const { alpha, beta, objective, start } = expand(problem, kernels)
    const eta = multiple * threshold(beta)
    const distance = Vector.norm(start)
    const sam = growth(subject.sam(radius, eta), objective, start)
    const gradientDescent = growth(subject.sam(0, eta), objective, start)
    const bound = Theory.samDistance(horizon, distance, eta, radius, alpha, beta)
    return Margin.all(
      side(sam, multiple, (distance + bound) / distance),
      side(gradientDescent, multiple),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the threshold", value: times(2, Theory.gradientDescentThreshold) },
    { name: "half the threshold", value: times(0.5, Theory.gradientDescentThreshold) },
  ],
})
