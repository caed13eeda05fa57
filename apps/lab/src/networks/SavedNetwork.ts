/** Trained network as a file, with all that is needed to predict, to continue training, and to trace its origin. */
import { Encoded, features as featuresOf } from "@nonconvex/datasets/Encoder"
import type { Trained } from "@nonconvex/optim-sam/operations"
import { Schema } from "effect"
import { activations } from "./Model.ts"
import type { Prepared } from "@nonconvex/datasets/Prepared"

const Numbers = Schema.Array(Schema.Finite)
const Scale = Schema.Finite.check(Schema.isGreaterThan(0))

/** The target that the network predicts, in the words and units of the data. */
const Target = Schema.Union([
  Schema.TaggedStruct("Classification", {
    /** Output `i` of the network is the logit of `classes[i]`. */
    classes: Schema.Array(Schema.String),
  }),
  Schema.TaggedStruct("Regression", {
    /** A value is `shift + scale * output`. */
    shift: Schema.Finite,
    scale: Scale,
  }),
])

/** Provenance of a network. */
const Made = Schema.Struct({
  /** The version of the command. */
  version: Schema.String,
  /** The column that it predicts; absent of shipped sets. */
  target: Schema.optionalKey(Schema.String),
  method: Schema.String,
  learningRate: Schema.Finite,
  radius: Schema.Finite,
  epochs: Schema.Int,
  batch: Schema.Int,
  seed: Schema.Int,
  kernels: Schema.String,
  /** Share of the rows of a file that was reserved for the test. */
  testFraction: Schema.optionalKey(Schema.Finite),
  trainRows: Schema.Int,
  testRows: Schema.Int,
  /** Digest of all rows before they were divided; absent in files of older versions. */
  digest: Schema.optionalKey(Schema.String),
  /** True if an earlier training, which this one continued, may have seen the test rows. */
  testRowsSeen: Schema.optionalKey(Schema.Boolean),
})
export type Made = typeof Made.Type

/** Maximum width and number of layers; larger ones are rejected before memory is allocated. */
const widest = 50_000_000
const deepest = 10_000

/** First inconsistency in a saved network, if any. */
const inconsistency = ({
  architecture: { widths },
  encoder,
  features,
  inputs,
  parameters,
  target,
}: Fields): string | undefined => {
  const impossible = widths.find((width) => width < 1 || width > widest)
  if (impossible !== undefined) return `an impossible shape (a width of ${impossible})`
  const count = widths.slice(1).reduce((sum, width, l) => sum + width * (widths[l]! + 1), 0)
  if (parameters.length !== count) return "a number of parameters that does not match its widths"
  const [first] = widths
  if ([features, inputs.shift, inputs.scale].some(({ length }) => length !== first)) {
    return `numbers of features and inputs that differ from ${first}`
  }
  const outputs = target._tag === "Classification" ? target.classes.length : 1
  if (widths.at(-1) !== outputs) return `${widths.at(-1)} outputs for a target of ${outputs}`
  const names = encoder === undefined ? features : featuresOf(encoder).map(({ name }) => name)
  return names.length === first && names.every((name, j) => name === features[j])
    ? undefined
    : "features that do not match its columns"
}

/**
 * Fully connected network, its parameters, and the preprocessing of a row: columns are encoded into features, which are
 * scaled.
 */
const Fields = Schema.Struct({
  format: Schema.Literal(1),
  /** The data that it was trained on. */
  data: Schema.String,
  /** Absent in files of older versions. */
  made: Schema.optionalKey(Made),
  architecture: Schema.Struct({
    widths: Schema.Array(Schema.Int).check(Schema.isMinLength(2), Schema.isMaxLength(deepest)),
    activation: Schema.Literals(activations),
  }),
  /** Stored layer by layer, weights (row-major, one row per output) before biases. */
  parameters: Numbers,
  /** Encoding of columns as features; absent for numeric columns without holes, which are described by their names. */
  encoder: Schema.optionalKey(Schema.Array(Encoded)),
  /** The features that it reads, in this order. */
  features: Schema.Array(Schema.String),
  /** Input `j` is `(feature_j - shift_j) / scale_j`. */
  inputs: Schema.Struct({ shift: Numbers, scale: Schema.Array(Scale) }),
  target: Target,
})
type Fields = typeof Fields.Type

export const SavedNetwork = Fields.check(
  Schema.makeFilter((saved: Fields) => {
    const found = inconsistency(saved)
    return found === undefined ? undefined : `it has ${found}`
  }),
)
export type SavedNetwork = Fields

/** File content for the network at the end of a training. */
export const make = (
  { activation, point, targetScale, widths }: Trained,
  { file, train, transform }: Prepared,
  made: Made,
): SavedNetwork => ({
  format: 1,
  data: train.name,
  made,
  architecture: { widths: widths!, activation: activation! },
  parameters: [...point],
  ...(file && { encoder: file.learned.encoder }),
  features: train.featureNames,
  inputs: { shift: [...transform.shift], scale: [...transform.scale] },
  target:
    train.target._tag === "Classification"
      ? { _tag: "Classification", classes: train.target.classes }
      : { _tag: "Regression", ...targetScale! },
})

/** Encoding of the columns of new rows: for a file without one, by name, with means for missing numbers. */
export const encoderOf = ({ encoder, features, inputs }: SavedNetwork): ReadonlyArray<Encoded> =>
  encoder ??
  features.map((column, j) => ({
    _tag: "Number",
    column,
    fill: inputs.shift[j]!,
    marksMissing: false,
  }))
