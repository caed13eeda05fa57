/** A trained network as a file: enough to predict with, and to train on. */
import type { Trained } from "@nonconvex/optim-sam/evidence"
import { Schema } from "effect"
import { activations } from "./Model.ts"
import type { Prepared } from "./Prepared.ts"

const Numbers = Schema.Array(Schema.Finite)

/** The target that the network predicts, in the words and units of the data. */
const Target = Schema.Union([
  Schema.TaggedStruct("Classification", {
    /** Output `i` of the network is the logit of `classes[i]`. */
    classes: Schema.Array(Schema.String),
  }),
  Schema.TaggedStruct("Regression", {
    /** A value is `shift + scale * output`. */
    shift: Schema.Finite,
    scale: Schema.Finite,
  }),
])

/** A fully connected network, its parameters, and the scaling of its inputs. */
export const SavedNetwork = Schema.Struct({
  format: Schema.Literal(1),
  /** The data that it was trained on. */
  data: Schema.String,
  architecture: Schema.Struct({
    widths: Schema.Array(Schema.Int),
    activation: Schema.Literals(activations),
  }),
  /** Layer after layer, weights (row-major, one row an output) before biases. */
  parameters: Numbers,
  /** The columns that it reads, in this order. */
  features: Schema.Array(Schema.String),
  /** Input `j` is `(feature_j - shift_j) / scale_j`. */
  inputs: Schema.Struct({ shift: Numbers, scale: Numbers }),
  target: Target,
})
export type SavedNetwork = typeof SavedNetwork.Type

/** The network that a training came to, for a file. */
export const make = (
  { activation, point, targetScale, widths }: Trained,
  { train, transform }: Prepared,
): SavedNetwork => ({
  format: 1,
  data: train.name,
  architecture: { widths, activation },
  parameters: [...point],
  features: train.featureNames,
  inputs: { shift: [...transform.shift], scale: [...transform.scale] },
  target:
    train.target._tag === "Classification"
      ? { _tag: "Classification", classes: train.target.classes }
      : { _tag: "Regression", ...targetScale! },
})
