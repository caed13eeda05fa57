import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/index.ts"
import { sized, squaredNorm } from "../support/Expand.ts"
import { withSigma } from "../support/NormInstances.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

export const certifiedRate = claim({
  id: "catapults/certified-rate",
  statement:
    "With labels 0 and e < 4 m d / (sigma_max(X)^2 |theta_0|^2), gradient descent on a two-layer ReLU network shortens its parameters forever: it cannot diverge, at any width.",
  inFloatingPoint: "run",
  source: derived("certified rate"),
  subject: ours,
  instances: sized([6, 6, 24], {
    /** Share of the certified step. */
    share: Draw.linear(0.99, 0.05),
  }),
  value: Theory.certifiedStep,
  margin: ({ instance, kernels, subject, value: certificate }) => {
    const { inputs, share, width } = instance
    const { expanded, sigma } = withSigma(instance, { kernels })
    let parameters = expanded.start
    let norm = squaredNorm(parameters)
    const step = share * certificate(sigma, norm, width, inputs)
    const problem = { ...expanded, targets: expanded.targets.fill(0), step }
    let margin = Margin.holds(true)
    // every step of the first ones, and then from stretch to stretch
    for (const steps of [1, 1, 1, 1, 16, 40, 80]) {
      parameters = subject({ ...problem, start: parameters, steps }).parameters
      const next = squaredNorm(parameters)
      margin = Margin.all(margin, Margin.atMost(next, norm, 1e-12))
      norm = next
      if (!(norm < 1e12)) return Margin.holds(false)
    }
    return margin
  },
  controls: [
    {
      name: "the width once more",
      value: (sigma, norm, width, inputs) =>
        width * Theory.certifiedStep(sigma, norm, width, inputs),
    },
  ],
})
