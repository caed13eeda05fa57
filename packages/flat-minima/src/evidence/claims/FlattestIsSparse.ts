/** Whole runs on a diagonal network: perturbations find its sparsest solution, one of the two algorithms d times as fast. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { settle } from "../../minima/Settle.ts"
import * as Draws from "../../perturbation/Draws.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { traceAtMinimum } from "../../problems/DiagonalNetwork.ts"
import { derived } from "../support/Paper.ts"
import { remembered } from "../support/Remembered.ts"
import * as Runs from "../support/Runs.ts"

interface Run {
  readonly kind: "smoothed" | "sharpness-aware"
  readonly learningRate: number
  readonly radius: number
  readonly seed: number
}

/** Found at the first run that needs it. */
const recovery = remembered(Runs.recovery)

const methodOf = ({ kind, learningRate, radius, seed }: Run) => {
  const options = {
    learningRate,
    plainLearningRate: 0.01,
    radius,
    gradientThreshold: 0.5,
    draws: Draws.published(seed),
  }
  return kind === "smoothed" ? smoothedPerturbation(options) : sharpnessAwarePerturbation(options)
}

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
    "On the diagonal network of the experiment flat-minima/flat-is-sparse, 50,000 sharpness-aware steps bring the trace of the Hessian from 55.158 to at most 4.066; its minimum, the solution of a linear program, is 4.0643.",
  inFloatingPoint: "run",
  source: derived("60 seeds of the published generator"),
  instances: seeds,
  value: "sharpness-aware",
  margin: ({ instance: { seed }, value: kind }) =>
    Margin.atMost(
      traceAfter({ kind, learningRate: 0.01, radius: 0.1, seed, steps: 50_000 }),
      4.066,
    ),
  controls: [{ name: "the smoothed perturbation in as many steps", value: "smoothed" }],
})

const stepsToHalf = remembered((run: Run) => {
  const { dense, network } = recovery()
  return Runs.stepsToTrace(methodOf(run), network, dense, Runs.halfTrace).steps
})
export const gainOfD = claim({
  id: "flat-minima/gain-of-d",
  statement:
    "On the diagonal network with d = 20, the smoothed perturbation takes 15 to 26 times the steps of the sharpness-aware one until the trace is halved.",
  inFloatingPoint: "statistical",
  source: derived("the factor d between theorems 1 and 2 in a run"),
  instances: seeds,
  value: "sharpness-aware",
  margin: ({ instance: { seed }, value: fast }) => {
    const run = { learningRate: 0.003, radius: 0.1, seed }
    const ratio = stepsToHalf({ kind: "smoothed", ...run }) / stepsToHalf({ kind: fast, ...run })
    return Margin.all(Margin.atLeast(ratio, 15), Margin.atMost(ratio, 26))
  },
  controls: [{ name: "the smoothed perturbation against itself", value: "smoothed" }],
})
