/** A network trained by gradient descent, with catapults on purpose. */
import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { advance } from "@nonconvex/problems/Advance"
import { Schema } from "effect"
import { catapultDescent, spikesIn } from "../descent/CatapultDescent.ts"
import { raising } from "../descent/RateControl.ts"
import { failureOf, RunDiverged } from "../descent/RunDiverged.ts"
import { Spike } from "../monitor/Spikes.ts"
import { ntkArchitecture } from "../network/NtkArchitecture.ts"
import { ntkNetwork } from "../network/NtkNetwork.ts"
import { logisticLoss, meanSquared } from "../network/OutputLoss.ts"
import { ZeroKernel } from "../network/ZeroKernel.ts"

/**
 * Data, a network with its start, and the catapults to force; see `ntkArchitecture`, `raising` and `catapultDescent`.
 */
export const DescendInput = Schema.Struct({
  /** One row per sample. */
  features: Float64s,
  /** Targets; -1 and 1 for a cross entropy. */
  targets: Float64s,
  loss: Schema.Literals(["mean squared", "cross entropy"]),
  /** From the inputs to the last hidden layer. */
  widths: Schema.NonEmptyArray(Schema.Int),
  activation: Schema.Literals(["relu", "tanh", "identity"]),
  bias: Schema.Boolean,
  start: Float64s,
  raises: Schema.Int,
  /** Default 0.9. */
  base: Schema.optionalKey(Schema.Finite),
  /** Default 1.3. */
  multiple: Schema.optionalKey(Schema.Finite),
  /** Default 1e-3. */
  tolerance: Schema.optionalKey(Schema.Finite),
  /** Default 6000. */
  budget: Schema.optionalKey(Schema.Int),
})
export type DescendInput = typeof DescendInput.Type

export const Descended = Schema.Struct({
  parameters: Float64s,
  outcome: Schema.Literals(["fitted", "budget"]),
  steps: Schema.Int,
  loss: Schema.Number,
  learningRate: Schema.Number,
  /** Last measured value. */
  criticalRate: Schema.Number,
  spikes: Schema.Array(Spike),
})
export type Descended = typeof Descended.Type

/** Steps between two reports. */
const every = 100

/**
 * Runs until it interpolates or the budget is used up. Throws InvalidInput, ZeroKernel, and RunDiverged if the run
 * diverges.
 */
export const descend = operation({
  id: "catapults/descend",
  input: DescendInput,
  output: Descended,
  failure: Schema.Union([InvalidInput, ZeroKernel, RunDiverged]),
  progress: Schema.Struct({ steps: Schema.Int, loss: Schema.Number }),
  run: (input, { kernels, report }): Descended => {
    const { activation, bias, features, loss: named, start, targets, widths, ...options } = input
    const architecture = ntkArchitecture({ widths, activation, bias })
    const network = ntkNetwork({ architecture, features, kernels })
    const loss = named === "mean squared" ? meanSquared(targets) : logisticLoss(targets)
    const method = catapultDescent({ ...options, control: raising(options) })
    const run = method.init({ model: network, loss }, start)
    while (run.outcome === "running") {
      advance(method, [run], every - (run.steps % every), { kernels })
      if (run.steps % every === 0) report({ steps: run.steps, loss: run.loss })
    }
    const failure = failureOf(run)
    if (failure !== undefined) throw failure
    const outcome = run.outcome === "fitted" ? "fitted" : "budget"
    const { criticalRate, learningRate, loss: last, steps } = run
    const parameters = run.descent.parameters()
    const spikes = spikesIn(run)
    return { parameters, outcome, steps, loss: last, learningRate, criticalRate, spikes }
  },
})
