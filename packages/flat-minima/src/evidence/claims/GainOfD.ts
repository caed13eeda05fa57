import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { derived } from "../support/Paper.ts"
import { remembered } from "../support/Remembered.ts"
import * as Runs from "../support/Runs.ts"
import { methodOf, type Run } from "../support/SparseRecovery.ts"

/** Computed by the first run that needs it. */
const recovery = remembered(Runs.recovery)

const seeds = Draw.record({ seed: Draw.integer(1, 60) })

const stepsToHalf = remembered((run: Run) => {
  const { dense, network } = recovery()
  return Runs.stepsToTrace(methodOf(run), network, dense, Runs.halfTrace).steps
})

export const gainOfD = claim({
  id: "flat-minima/gain-of-d",
  statement:
    "On one problem with 60 seeds, the diagonal network with d = 20, the smoothed perturbation takes 15 to 26 times the steps of the sharpness-aware one until the trace is halved.",
  inFloatingPoint: "statistical",
  extent: { dimension: 20 },
  source: Kind.observation(derived("the factor d between theorems 1 and 2 in a run")),
  instances: seeds,
  value: "sharpness-aware",
  margin: ({ instance: { seed }, value: fast }) => {
    const run = { learningRate: 0.003, radius: 0.1, seed }
    const ratio = stepsToHalf({ kind: "smoothed", ...run }) / stepsToHalf({ kind: fast, ...run })
    return Margin.all(Margin.atLeast(ratio, 15), Margin.atMost(ratio, 26))
  },
  controls: [{ name: "the smoothed perturbation against itself", value: "smoothed" }],
})
