import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { fields, outputs, pairs, summary } from "../support/NoisyGame.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const stochasticDeviation = claim({
  id: "reproducible-minimax/stochastic-deviation",
  statement:
    "SGDA with steps 1 / (l eps T) and T >= 1 / eps^2 deviates, in expectation over independent noise of variance delta^2, by at most (2 e / l^2) delta^2 / (eps^2 T). False alarms: 3e-7 for each instance.",
  inFloatingPoint: "statistical",
  source: printed("Theorem 5.1"),
  subject: reproducibleMinimax,
  instances: Draw.record(fields),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { T, means } = outputs(subject, instance, { kernels }, 120)
    const { error, mean } = summary(pairs(means))
    const bound = Theory.stochasticDeviationBound(1, instance.delta, instance.gap, T)
    return Margin.atMost(mean - 5 * error, factor * bound)
  },
  controls: [{ name: "a two-hundredth of the deviation", value: 1 / 200 }],
})
