import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems } from "../support/RandomNetwork.ts"
import { trajectory } from "../support/Trajectory.ts"

const instances = problems()

/** Relative slack of the inequalities for rounding and integration errors. */
const slack = 1e-6

export const gradientBoundsDeviation = claim({
  id: "label-noise/gradient-bounds-deviation",
  statement:
    "At every point of the minima, pre-activations differ from their flat limit by at most |grad F| / (sqrt(mu) rho1 rho2).",
  inFloatingPoint: "limit",
  source: derived("stationary points are flat limits, quantitatively"),
  instances,
  value: Theory.deviationBound,
  margin: ({ instance: { problem }, kernels, value: bound }) => {
    const expanded = expand(problem, { kernels })
    const { rho1, rho2 } = expanded.constants
    return trajectory(expanded).reduce((worst, { deviation, gradientNorm }) => {
      // the flat limit itself is known to rounding only
      const allowed = bound(gradientNorm, rho1, rho2, expanded.mu) + 1e-11
      return Margin.all(worst, Margin.atMost(deviation, allowed, slack))
    }, Margin.holds(true))
  },
  controls: [
    {
      name: "a fiftieth of the bound",
      value: (...constants) => Theory.deviationBound(...constants) / 50,
    },
  ],
})
