/** One run with forced catapults on the product of two coordinates, under any loss of its targets. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Schema } from "effect"
import { catapultDescent, type CatapultOptions } from "../../descent/CatapultDescent.ts"
import { descentOf } from "../../descent/Descent.ts"
import type { OutputLoss } from "../../network/OutputLoss.ts"
import { type ProductTask, productTask } from "./ProductTask.ts"
import { Count, finish, Positive, runsOf, seedFields } from "./Runs.ts"

export const ForcedConfig = Schema.Struct({
  inputs: Count,
  width: Count,
  samples: Count,
  /** Forced catapults of each run. */
  raises: Schema.Array(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  ...seedFields,
  /** Rate of a raise, over the critical one. */
  multiple: Schema.Finite.check(Schema.isGreaterThan(1)),
  tolerance: Positive,
})
export type ForcedConfig = typeof ForcedConfig.Type

/** What is known of any such run. */
export const forcedFields = {
  raises: Schema.Int,
  seed: Schema.Int,
  outcome: Schema.String,
  steps: Schema.Int,
  spikes: Schema.Int,
  trainLoss: Schema.Number,
}

/** Coordinates whose product is the target. */
export const rank = 2

/** A number of forced catapults, and the number of a seed. */
export const forcedCases = (config: ForcedConfig) =>
  runsOf(config.raises, config).map(({ seed, value }) => ({ raises: value, seed }))

export const forcedRun = (
  { raises, seed }: { readonly raises: number; readonly seed: number },
  {
    config,
    kernels,
    seed: root,
  }: {
    readonly config: ForcedConfig
    readonly kernels: Kernels.Kernels
    readonly seed: Seed.Seed
  },
  options: Pick<CatapultOptions, "budget" | "control"> & {
    readonly lossOf: (task: ProductTask) => OutputLoss
  },
) => {
  const { tolerance } = config
  const task = productTask({ ...config, rank }, root.child(seed), kernels)
  const descent = descentOf(task.network, options.lossOf(task), task.start)
  const run = finish(catapultDescent(descent, { ...options, tolerance }))
  return {
    task,
    descent,
    isLost: run.state.outcome === "diverged",
    row: {
      raises,
      seed,
      outcome: run.state.outcome,
      steps: run.state.steps,
      spikes: run.spikes().length,
      trainLoss: run.state.loss,
    },
  }
}
