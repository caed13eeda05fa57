/** One run with forced catapults on a product of two coordinates, under any loss. */
import type { Experiment } from "@nonconvex/evidence"
import { Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { catapultDescent, type CatapultOptions, spikesIn } from "../../descent/CatapultDescent.ts"
import { capped, type RateControl } from "../../descent/RateControl.ts"
import type { OutputLoss } from "../../network/OutputLoss.ts"
import { type ProductTask, productTask } from "./ProductTask.ts"
import { raisesInWords } from "./Table.ts"
import { finish, runsOf, seedFields, taskFields } from "./Runs.ts"

export const ForcedConfig = Schema.Struct({
  ...taskFields,
  /** Forced catapults of each run. */
  raises: Schema.Array(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  ...seedFields,
  /** Rate of a raise, over the critical one. */
  multiple: Schema.Finite.check(Schema.isGreaterThan(1)),
  tolerance: Positive,
})
export type ForcedConfig = typeof ForcedConfig.Type

/** Columns of every such run. */
export const forcedFields = {
  raises: Schema.Int,
  /** Describes the raises in words, for figures. */
  schedule: Schema.String,
  /** Keeps the rates below the critical rate, so that no catapult occurs; this is the control. */
  isHeld: Schema.Boolean,
  seed: Schema.Int,
  outcome: Schema.String,
  steps: Schema.Int,
  spikes: Schema.Int,
  trainLoss: Schema.Number,
}

/** Number of coordinates whose product is the target. */
export const rank = 2

/**
 * Number of forced catapults, and index of the seed. The schedule with the most raises is repeated below the critical rate.
 */
export const forcedCases = (config: ForcedConfig) => [
  ...runsOf(config.raises, config).map(({ seed, value }) => ({
    raises: value,
    seed,
    isHeld: false,
  })),
  ...runsOf(config.raises.slice(-1), config).map(({ seed, value }) => ({
    raises: value,
    seed,
    isHeld: true,
  })),
]

export const forcedRun = (
  { isHeld, raises, seed }: ReturnType<typeof forcedCases>[number],
  { config, kernels, seed: root }: Omit<Experiment.Context<ForcedConfig, never>, "shared">,
  options: Pick<CatapultOptions, "budget"> & {
    readonly control: RateControl
    readonly lossOf: (task: ProductTask) => OutputLoss
  },
) => {
  const { tolerance } = config
  const task = productTask({ ...config, rank }, root.child(seed), kernels)
  const control = isHeld ? capped(options.control) : options.control
  const training = { model: task.network, loss: options.lossOf(task) }
  const run = finish(catapultDescent({ ...options, control, tolerance }), training, task.start)
  const { descent, loss: trainLoss, outcome, steps } = run
  const schedule = `${raisesInWords(raises)}${isHeld ? ", held" : ""}`
  const row = {
    raises,
    schedule,
    isHeld,
    seed,
    outcome,
    steps,
    spikes: spikesIn(run).length,
    trainLoss,
  }
  return { task, descent, isLost: outcome === "diverged", row }
}
