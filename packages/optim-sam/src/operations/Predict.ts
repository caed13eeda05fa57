/** Predictions of a trained network. */
import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import { Schema } from "effect"
import * as Model from "./Model.ts"

const rows = {
  /** Stored layer by layer, weights (row-major, one row per output) before biases. */
  parameters: Float64s,
  /** Row-major, scaled as the training rows. */
  features: Float64s,
}

export const PredictInput = Schema.Union([
  Schema.Struct({
    widths: Schema.Array(Schema.Int),
    activation: Model.Shape.fields.activation,
    ...rows,
  }),
  Schema.Struct({ ...Model.Layered.fields, ...rows }),
])
export type PredictInput = typeof PredictInput.Type

/** Applies a network to rows: its outputs, row-major, before any softmax. Throws InvalidInput and ArenaFull. */
export const predict = operation({
  id: "optim-sam/predict",
  input: PredictInput,
  output: Float64s,
  failure: Schema.Union([ArenaFull, InvalidInput]),
  progress: Schema.Never,
  run: (input, { kernels }) => {
    const { features, parameters } = input
    const architecture =
      "blocks" in input
        ? Architecture.layered(input)
        : Architecture.make({
            widths: input.widths,
            activation: input.widths.length === 2 ? "identity" : input.activation,
          })
    const outputs = new Float64Array((features.length / architecture.inputs) * architecture.outputs)
    const { inputs: dimension } = architecture
    const loss = Loss.squared(outputs)
    network({ features, dimension, architecture, loss, kernels }).predict(
      parameters,
      features,
      outputs,
    )
    return outputs
  },
})
