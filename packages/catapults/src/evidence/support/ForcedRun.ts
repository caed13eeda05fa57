/** One run with forced catapults on the product of two coordinates, under any loss of its targets. */
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Schema } from "effect"
import { catapultDescent, type CatapultOptions } from "../../descent/CatapultDescent.ts"
import { descentOf } from "../../descent/Descent.ts"
import type { OutputLoss } from "../../network/OutputLoss.ts"
import * as Pace from "./Pace.ts"
import { type ProductTask, productTask } from "./ProductTask.ts"
import { Count, Positive, seedFields } from "./Runs.ts"

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

export const forcedRun = Effect.fnUntraced(function* (
  { inputs, samples, tolerance, width }: ForcedConfig,
  k: number,
  root: Seed.Seed,
  options: Pick<CatapultOptions, "budget" | "control"> & {
    readonly raises: number
    readonly lossOf: (task: ProductTask) => OutputLoss
  },
) {
  const task = productTask({ inputs, width, samples, rank, testSamples: 2000 }, root.child(k))
  const descent = descentOf(task.network, options.lossOf(task), task.start)
  const run = yield* Pace.finish(catapultDescent(descent, { ...options, tolerance }))
  return {
    task,
    descent,
    isLost: run.outcome() === "diverged",
    row: {
      raises: options.raises,
      seed: k,
      outcome: run.outcome(),
      steps: run.steps(),
      spikes: run.spikes().length,
      trainLoss: run.loss(),
    },
  }
})
