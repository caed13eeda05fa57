import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { settle } from "../../minima/Settle.ts"
import { traceAtMinimum } from "../../problems/DiagonalNetwork.ts"
import { derived } from "../support/Paper.ts"
import { remembered } from "../support/Remembered.ts"
import * as Runs from "../support/Runs.ts"
import { methodOf, type Run } from "../support/SparseRecovery.ts"

/** Computed by the first run that needs it. */
const recovery = remembered(Runs.recovery)

const traceAfter = remembered((run: Run & { readonly steps: number }): number => {
  const method = methodOf(run)
  const { dense, network } = recovery()
  const state = method.init(network, dense)
  for (let t = 0; t < run.steps; t++) method.step(state)
  const { point } = settle(network, state.point, { learningRate: 0.01, tolerance: 1e-6 })
  return traceAtMinimum(network, point)
})

const seeds = Draw.record({ seed: Draw.integer(1, 60) })

export const flattestIsSparse = claim({
  id: "flat-minima/flattest-is-sparse",
  statement:
    "On one problem with 60 seeds, the diagonal network of the experiment flat-minima/flat-is-sparse, 50,000 sharpness-aware steps bring the trace of the Hessian from 55.158 to at most 4.066. Its minimum, the solution of a linear program, is 4.0643.",
  inFloatingPoint: "run",
  extent: { steps: 50_000 },
  source: Kind.observation(derived("60 seeds of the published generator")),
  instances: seeds,
  value: "sharpness-aware",
  margin: ({ instance: { seed }, value: kind }) =>
    Margin.atMost(
      traceAfter({ kind, learningRate: 0.01, radius: 0.1, seed, steps: 50_000 }),
      4.066,
    ),
  controls: [{ name: "the smoothed perturbation in as many steps", value: "smoothed" }],
})
