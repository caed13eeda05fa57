import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import { expand, problems, thresholdOf } from "../support/RandomNetwork.ts"
import { trajectory } from "../support/Trajectory.ts"

const instances = problems()

/** Relative slack of the inequalities for rounding and integration errors. */
const slack = 1e-6

export const exponentialPhase = claim({
  id: "label-noise/exponential-phase",
  statement:
    "Once the gradient is at most sqrt(mu) beta, it decays at least as exp(-rho1 rho2 mu t) along the sharpness flow.",
  inFloatingPoint: "limit",
  source: recalled("global convergence of the flow, second phase"),
  instances,
  value: Theory.guaranteedRate,
  margin: ({ instance: { problem }, kernels, value: rate }) => {
    const expanded = expand(problem, { kernels })
    const { rho1, rho2 } = expanded.constants
    const threshold = thresholdOf(expanded)
    const moments = trajectory(expanded)
    const inside = moments.slice(moments.findIndex(({ gradientNorm }) => gradientNorm <= threshold))
    const start = inside[0]!
    const decay = rate(rho1, rho2, expanded.mu)
    return inside.reduce((worst, { gradientNorm, time }) => {
      const bound = start.gradientNorm * Elementary.exp(-decay * (time - start.time))
      return Margin.all(worst, Margin.atMost(gradientNorm, bound, slack))
    }, Margin.holds(true))
  },
  controls: [
    {
      name: "thirty times the rate",
      value: (...constants) => 30 * Theory.guaranteedRate(...constants),
    },
  ],
})
