import { claim, Margin } from "@nonconvex/evidence"
import { flattest } from "../../limit/FlatLimit.ts"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import { expand, problems, thresholdOf } from "../support/RandomNetwork.ts"
import { trajectory } from "../support/Trajectory.ts"

const instances = problems()

/** Relative slack of the inequalities for rounding and integration errors. */
const slack = 1e-6

export const timeToConvexity = claim({
  id: "label-noise/time-to-convexity",
  statement:
    "After the time (F - F*) / (mu beta^2) the gradient of the sharpness flow is at most sqrt(mu) beta.",
  inFloatingPoint: "limit",
  source: recalled("global convergence of the flow, first phase; our constants"),
  instances,
  value: Theory.timeToConvexity,
  margin: ({ instance: { problem }, kernels, value: bound }) => {
    const expanded = expand(problem, { kernels })
    const { constants, mu, network } = expanded
    const moments = trajectory(expanded)
    const excess = Math.max(0, moments[0]!.sharpness - flattest(network).sharpness)
    const latest = bound(excess, mu, constants.beta)
    const threshold = thresholdOf(expanded)
    const late = moments.filter(({ time }) => time >= latest)
    return Margin.all(
      Margin.holds(true),
      ...late.map((each) => Margin.atMost(each.gradientNorm, threshold, slack)),
    )
  },
  controls: [
    {
      name: "a thousandth of the time, from large parameters",
      value: (...constants) => Theory.timeToConvexity(...constants) / 1000,
      instances: problems({ share: 1 }),
    },
  ],
})
