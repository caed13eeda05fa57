/** New rows for a network of another program, and the meaning of its outputs. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { endsInSigmoid, ForeignNetwork, type ReadModel } from "@nonconvex/interchange/node"
import { Effect } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import type { Input } from "./PredictFlags.ts"
import type { NewRows } from "./NewRows.ts"
import { type Answers, ofClasses } from "./Answers.ts"

type Inputs = Effect.Success<ReturnType<typeof ForeignNetwork.inputs>>

/** Meaning of the outputs: logits of classes, one output of two classes, or values. */
type Meaning =
  | { readonly _tag: "Logits"; readonly classes: ReadonlyArray<string> }
  | { readonly _tag: "Pair"; readonly classes: ReadonlyArray<string>; readonly isLogit: boolean }
  | { readonly _tag: "Values" }

const numbered = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, k) => String(k))

/** The meaning by the targets that the rows have. */
const byTargets = (
  { model }: ReadModel,
  { fitted, samples: { targets } }: Inputs,
): Meaning | undefined => {
  if (fitted === undefined) return undefined
  const { outputs } = model.architecture
  const names =
    model.classes ??
    (targets?._tag === "Words"
      ? [...new Set(targets.words)].toSorted()
      : numbered(Math.max(2, outputs)))
  if (fitted.targets instanceof Int32Array) return { _tag: "Logits", classes: names }
  if (fitted.isLogistic !== true || outputs > 1) return { _tag: "Values" }
  return { _tag: "Pair", classes: names, isLogit: !endsInSigmoid(model) }
}

/** The meaning by the flag, the description and the last layer; `assumed` if none of them tells. */
const byNetwork = (
  { model }: ReadModel,
  task: "classification" | "regression" | undefined,
): { readonly meaning: Meaning; readonly assumed?: string } => {
  const { outputs } = model.architecture
  const isPair = outputs === 1
  const classes: Meaning = isPair
    ? { _tag: "Pair", classes: numbered(2), isLogit: !endsInSigmoid(model) }
    : { _tag: "Logits", classes: model.classes ?? numbered(outputs) }
  const values: Meaning = { _tag: "Values" }
  const said = task ?? (model.loss && (model.loss === "squared" ? "regression" : "classification"))
  // several logistic outputs are no classes that exclude each other
  if (said === "classification")
    return { meaning: model.loss === "logistic" && !isPair ? values : classes }
  if (said === "regression") return { meaning: values }
  if (endsInSigmoid(model)) return { meaning: isPair ? classes : values }
  return isPair
    ? {
        meaning: values,
        assumed:
          "the output is read as a value; --task classification reads it as the logit of class 1",
      }
    : {
        meaning: classes,
        assumed: `the outputs are read as logits of the classes 0 to ${outputs - 1}; --task regression reads them as values`,
      }
}

/** The classes or values that the outputs mean. */
export const answersOf = (meaning: Meaning, outputs: Float64Array, rows: number): Answers => {
  if (meaning._tag === "Logits") return ofClasses(meaning.classes, outputs)
  if (meaning._tag === "Pair") {
    const { classes, isLogit } = meaning
    const shares = Array.from(outputs, (output) =>
      isLogit ? 1 / (1 + Elementary.exp(-output)) : output,
    )
    return {
      classes,
      predictions: shares.map((share) => classes[share > 0.5 ? 1 : 0]!),
      probabilities: shares.map((share) => [1 - share, share]),
    }
  }
  const width = outputs.length / rows
  return {
    classes: [],
    predictions:
      width === 1
        ? Array.from(outputs)
        : Array.from({ length: rows }, (_, i) => [...outputs.subarray(i * width, (i + 1) * width)]),
    probabilities: undefined,
  }
}

const targetsOf = (
  { fitted, samples: { count, targets } }: Inputs,
  meaning: Meaning,
): NewRows["target"] => {
  if (fitted === undefined || targets === undefined) return undefined
  if (targets._tag === "Words") return targets.words
  if (meaning._tag !== "Values") {
    const classes = Array.from(fitted.targets)
    return classes.map((label) => meaning.classes[label])
  }
  const width = fitted.targets.length / count
  return Array.from({ length: count }, (_, i) => [
    ...fitted.targets.subarray(i * width, (i + 1) * width),
  ])
}

/** Reads the rows as the network reads them. Fails with Misfit on --copy of what is no table, and with the errors of the file. */
export const read = Effect.fn("ForeignRows.read")(function* (
  found: ReadModel,
  { copied, data: { name, ...source }, outside, spelling }: Input,
) {
  const inputs = yield* ForeignNetwork.inputs(
    found,
    { ...source, name, spelling, seed: 1 },
    { ...outside, verbatim: copied },
  )
  const { features, notes, samples } = inputs
  const { count, files, table } = samples
  if (copied.length > 0 && table === undefined)
    return yield* new Misfit({ flag: "copy", needs: "a table" })
  const byRows = byTargets(found, inputs)
  const { assumed, meaning } =
    byRows === undefined ? byNetwork(found, source.task) : { meaning: byRows }
  const copies = Array.from(table?.verbatim ?? [], ([column, { areTexts, cells }]) =>
    SavedTable.columnOf(column, { areTexts, cells: cells.slice(0, count) }),
  )
  const rows: NewRows = {
    name: samples.path,
    count,
    lines: table?.lines ?? Array.from({ length: count }, (_, i) => i + 1),
    features,
    unknowns: { words: new Map(), filled: new Map() },
    far: { rows: 0, features: new Map() },
    target: targetsOf(inputs, meaning),
    copied: files === undefined ? copies : [{ name: "file", values: files }, ...copies],
    format: table?.format,
  }
  return { rows, meaning, notes: assumed === undefined ? notes : [...notes, assumed] }
}, reported)
