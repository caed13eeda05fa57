/** Settings of a training, and its duration. */
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as Model from "./Model.ts"
import * as Recipe from "./Recipe.ts"

export const TrainInput = Schema.Struct({
  data: Model.Data,
  shape: Schema.Union([Model.Shape, Model.Layered]),
  /** Initial parameters of the training; default a new initialisation. */
  start: Schema.optional(Model.Start),
  recipe: Recipe.Recipe,
  /**
   * Epochs; a short last batch is dropped, with different rows each time. Default 50, and more for few rows: see
   * `lengthOf`.
   */
  epochs: Schema.optional(Count),
  /** Rows per batch; all rows if there are fewer. */
  batch: Count,
  /** Epochs without a better validation loss after which training stops, with the best epoch; requires validation rows. */
  patience: Schema.optional(Count),
  /** True to predict only, without measuring curvature; default false. */
  lean: Schema.optional(Schema.Boolean),
  seed: Schema.Int,
})
export type TrainInput = typeof TrainInput.Type

/** Default epochs, with a minimum number of steps that small data sets reach by more epochs. */
const usual = { epochs: 50, steps: 1000, mostEpochs: 500 }

/** Steps per epoch, and epochs: the given number, or 50; small data sets get enough for 1000 steps, up to 500. */
export const lengthOf = ({
  batch,
  data,
  epochs,
}: Pick<TrainInput, "batch" | "epochs"> & {
  readonly data: Pick<Model.Data, "dimension"> & { readonly train: Pick<Model.Rows, "features"> }
}): {
  readonly stepsPerEpoch: number
  readonly epochs: number
} => {
  const rows = data.train.features.length / data.dimension
  const stepsPerEpoch = Math.max(1, Math.floor(rows / Math.min(batch, rows)))
  const enough = Math.min(usual.mostEpochs, Math.ceil(usual.steps / stepsPerEpoch))
  return { stepsPerEpoch, epochs: epochs ?? Math.max(usual.epochs, enough) }
}
