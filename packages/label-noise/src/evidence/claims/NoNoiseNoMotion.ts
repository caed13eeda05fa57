import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { derived } from "../support/Paper.ts"
import { after, runs } from "../support/QuietRuns.ts"
import { expand } from "../support/RandomNetwork.ts"

export const noNoiseNoMotion = claim({
  id: "label-noise/no-noise-no-motion",
  statement: "Without label noise a network that fits its labels does not change.",
  inFloatingPoint: "run",
  source: Kind.identity(derived("stochastic gradient descent at a minimum")),
  instances: runs,
  value: 0,
  margin: ({ instance: run, kernels, value: noise }) => {
    const expanded = expand(run.problem, { kernels })
    const moved = Vector.distance(after(expanded, run, noise), expanded.theta)
    return Margin.equal(moved, 0, { absolute: 1e-13 })
  },
  controls: [{ name: "noise of 0.001", value: 0.001 }],
})
