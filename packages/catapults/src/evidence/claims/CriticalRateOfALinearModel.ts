import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/index.ts"
import { linear, setUp } from "../support/LinearModel.ts"
import { recalled } from "../support/Paper.ts"

export const criticalRateOfALinearModel = claim({
  id: "catapults/critical-rate-of-a-linear-model",
  statement:
    "On a linear model with the mean of squared residuals, the loss falls at every step from every start exactly if eta <= n / lambda_max(K).",
  inFloatingPoint: "run",
  source: recalled("critical learning rate, for the mean of squares"),
  instances: linear,
  value: Theory.criticalRate,
  margin: ({ instance, kernels, value: critical }) => {
    const { c, pairs, rate } = setUp(instance, critical, { kernels })
    const n = instance.samples
    // the worst residual is the top eigenvector: one step on it decides
    const factor = Theory.linearMultiplier(Theory.effectiveStep(c, rate), pairs.values[n - 1]!)
    return Margin.of(
      "growth of the loss in a step",
      instance.multiple < 1 ? Margin.atMost(factor, 1) : Margin.atLeast(factor, 1 + 1e-9),
    )
  },
  controls: [
    { name: "2 / lambda, that of half the sum, for the mean", value: (_c, lambda) => 2 / lambda },
    { name: "twice the critical rate", value: (c, lambda) => 2 * Theory.criticalRate(c, lambda) },
    { name: "half the critical rate", value: (c, lambda) => Theory.criticalRate(c, lambda) / 2 },
  ],
})
