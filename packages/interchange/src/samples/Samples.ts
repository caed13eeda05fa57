/** Samples in the layout of a file, and in that of a foreign network. */
import type * as Frame from "@nonconvex/datasets/Frame"
import { quote } from "@nonconvex/datasets/Quote"
import type * as Spelling from "@nonconvex/datasets/Spelling"
import type { Model } from "../networks/Model.ts"
import { UnfitData } from "./UnfitData.ts"

/** Targets: words, or a fixed number of values per sample. */
export type Targets =
  | { readonly _tag: "Words"; readonly words: ReadonlyArray<string> }
  | { readonly _tag: "Numbers"; readonly values: Float64Array; readonly width: number }

/** Samples in the order of the file. */
export interface Samples {
  readonly path: string
  readonly count: number
  /** Shape of one sample. */
  readonly shape: ReadonlyArray<number>
  /** Position of the channels of an image; undefined if the shape must decide. */
  readonly channels: "first" | "last" | undefined
  readonly values: Float64Array
  /** Names of the features, if they have any. */
  readonly names?: ReadonlyArray<string>
  /** Undefined if there are none, and none are needed. */
  readonly targets: Targets | undefined
  /** Path of the picture of each sample, within its folder. */
  readonly files?: ReadonlyArray<string>
  /** Place of each sample in the table that it is from. */
  readonly table?: {
    readonly lines: ReadonlyArray<number>
    readonly verbatim: Frame.Frame["verbatim"]
    readonly format: Spelling.Format | undefined
  }
  readonly notes: ReadonlyArray<string>
}

/** Samples that all have a target. */
interface Labelled extends Samples {
  readonly targets: Targets
}

/** Flags about the data, in addition to their location. */
interface Reading {
  readonly task: "classification" | "regression" | undefined
  readonly inputShift: ReadonlyArray<number> | undefined
  readonly inputScale: ReadonlyArray<number> | undefined
}

/** Maximum number of values in all samples together: half a gigabyte. */
export const mostNumbers = 2 ** 26

/** Inputs of a network. */
export interface Inputs {
  /** One row per sample, in the order of the network. */
  readonly features: Float64Array
  readonly notes: ReadonlyArray<string>
}

/** Samples prepared for a network. */
export interface Fitted extends Inputs {
  /** Classes, or values. */
  readonly targets: Int32Array | Float64Array
  /** True if the loss is the binary cross entropy of logits; absent otherwise. */
  readonly isLogistic?: boolean
  /** Blocks of the model, without a final sigmoid that is part of the loss. */
  readonly blocks: Model["blocks"]
}

const times = (sizes: ReadonlyArray<number>): string => sizes.join(" x ")

/** Converts images between channels first and channels last. */
const turned = (
  values: Float64Array,
  { channels, pixels }: { readonly channels: number; readonly pixels: number },
  from: "first" | "last",
): Float64Array => {
  const size = channels * pixels
  const out = new Float64Array(values.length)
  for (let row = 0; row < values.length; row += size) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) {
        const [first, last] = [row + c * pixels + p, row + p * channels + c]
        if (from === "first") out[last] = values[first]!
        else out[first] = values[last]!
      }
    }
  }
  return out
}

/** Inputs in the order of the network, which has channels last. Throws UnfitData on another shape. */
const inputsOf = ({ input, layout }: Model, samples: Samples) => {
  const { channels: said, path, shape, values } = samples
  const { channels, height, width } = input
  const size = channels * height * width
  const pixels = height * width
  const found = shape.reduce((product, each) => product * each, 1)
  const isVector = pixels === 1
  const program = layout === "channels first" ? "first" : "last"
  if (found !== size) {
    const wanted = isVector
      ? String(channels)
      : `${times([height, width, channels])} (height x width x channels)`
    throw new UnfitData({
      path,
      reason: `a sample has ${times(shape)} numbers, but the network reads ${wanted}`,
      remedy: "give the data of the training, in the form that the network reads",
    })
  }
  if (isVector) {
    // an image that the program makes a vector of has its own order
    const [a, , c] = shape
    const isTurned = shape.length === 3 && said !== undefined && said !== program
    const own = said === "last" ? c! : a!
    return isTurned && own > 1
      ? { features: turned(values, { channels: own, pixels: size / own }, said), note: undefined }
      : { features: values, note: undefined }
  }
  const fits = { first: [channels, height, width], last: [height, width, channels] }
  const matches = (["first", "last"] as const).filter((at) => times(fits[at]) === times(shape))
  const place = said ?? (matches.length === 1 ? matches[0]! : program)
  if (shape.length === 3 && !matches.includes(place)) {
    throw new UnfitData({
      path,
      reason: `a sample has the shape ${times(shape)}, but the network reads ${times(fits[program])}`,
      remedy: "give the data of the training, in the form that the network reads",
    })
  }
  const note =
    said === undefined && channels > 1 && shape.length === 3 && place !== program
      ? `images are ${times(shape)}: their channels stand ${place}`
      : undefined
  return {
    features:
      place === "first" && channels > 1 ? turned(values, { channels, pixels }, "first") : values,
    note,
  }
}

/**
 * Shifts and scales features in place. Throws UnfitData if the number of shifts or scales is neither that of inputs nor that of
 * channels.
 */
const scale = (
  features: Float64Array,
  { input }: Model,
  path: string,
  reading: Omit<Reading, "task">,
): void => {
  const { inputScale = [1], inputShift = [0] } = reading
  const { channels } = input
  const kind = input.height * input.width === 1 ? "feature" : "channel"
  for (const [flag, values] of [
    ["input-shift", inputShift],
    ["input-scale", inputScale],
  ] as const) {
    if (values.length === 1 || values.length === channels) continue
    throw new UnfitData({
      path,
      reason: `--${flag} has ${values.length} numbers, but the network reads ${channels} ${kind}s`,
      remedy: "give one number for all, or one for each",
    })
  }
  const zero = inputScale.indexOf(0)
  if (zero >= 0) {
    throw new UnfitData({
      path,
      reason: `--input-scale is 0${inputScale.length > 1 ? ` for ${kind} ${zero + 1}` : ""}`,
      remedy: `give the number by which it is divided, 1 for a constant ${kind}`,
    })
  }
  for (let i = 0; i < features.length; i++) {
    const c = i % channels
    features[i] =
      (features[i]! - inputShift[c % inputShift.length]!) / inputScale[c % inputScale.length]!
  }
}

/** Targets of the outputs: classes, values, or probabilities with the outputs as logits. */
type Compared = Pick<Fitted, "isLogistic" | "targets"> & { readonly note: string | undefined }

const isZeroOrOne = (value: number): boolean => value === 0 || value === 1

/** Targets of the logistic loss: two classes for one output, or a number from 0 to 1 for each output; undefined for others. */
const logisticOf = (outputs: number, { targets }: Labelled): Compared | undefined => {
  const note = (what: string) =>
    `the loss is the binary cross entropy of logits${outputs === 1 ? "" : ", summed over outputs"} (torch.nn.BCEWithLogitsLoss${outputs === 1 ? "" : " times the outputs"})${what}`
  if (targets._tag === "Words") {
    const classes = [...new Set(targets.words)].toSorted()
    if (classes.length !== 2 || outputs !== 1) return undefined
    const values = Float64Array.from(targets.words, (word) => (word === classes[1] ? 1 : 0))
    return { targets: values, isLogistic: true, note: note(`; 1 is ${quote(classes[1]!)}`) }
  }
  const { values, width } = targets
  const areProbabilities = width === outputs && values.every((value) => value >= 0 && value <= 1)
  return areProbabilities ? { targets: values, isLogistic: true, note: note("") } : undefined
}

/** Tests whether the loss is logistic: by the description, or for two classes with a final sigmoid or a single output. */
const isLogistic = (
  { architecture: { outputs }, loss }: Model,
  endsInSigmoid: boolean,
  { targets }: Labelled,
  task: Reading["task"],
): boolean => {
  if (task === "regression" || (task === undefined && loss !== undefined)) {
    return task === undefined && loss === "logistic"
  }
  if (targets._tag === "Words") return outputs === 1
  const isBinary = targets.width === outputs && targets.values.every(isZeroOrOne)
  return isBinary && (endsInSigmoid || (task === "classification" && outputs === 1))
}

/** Task that the loss of a description implies. */
const taskOf = ({ loss }: Model): Reading["task"] =>
  loss === "squared" ? "regression" : loss === "cross entropy" ? "classification" : undefined

/** Classes by name or number, or values, for a network with `outputs` outputs. */
const targetsOf = (
  model: Model,
  samples: Labelled,
  { endsInSigmoid, task: said }: Pick<Reading, "task"> & { readonly endsInSigmoid: boolean },
): Compared => {
  const { path, targets } = samples
  const { outputs } = model.architecture
  const refuse = (reason: string, remedy: string): never => {
    throw new UnfitData({ path, reason, remedy })
  }
  const task = said ?? taskOf(model)
  if (isLogistic(model, endsInSigmoid, samples, said)) {
    return (
      logisticOf(outputs, samples) ??
      refuse(
        "its targets are neither two classes nor numbers from 0 to 1 for each output",
        'give such targets, or set --task or another "loss" in the description',
      )
    )
  }
  const known = model.classes
  if (known !== undefined && (targets._tag === "Words" || targets.width === 1)) {
    const words = targets._tag === "Words" ? targets.words : Array.from(targets.values, String)
    const index = new Map(known.map((name, k) => [name, k]))
    const bad = words.find((word) => !index.has(word))
    return bad === undefined
      ? { targets: Int32Array.from(words, (word) => index.get(word)!), note: undefined }
      : refuse(
          `it has the class ${quote(bad)}, but the network has ${known.slice(0, 12).map(quote).join(", ")}${known.length > 12 ? " and so on" : ""}`,
          "omit such samples",
        )
  }
  if (targets._tag === "Words") {
    const classes = [...new Set(targets.words)].toSorted()
    if (classes.length !== outputs || outputs < 2) {
      return refuse(
        `it has ${classes.length} classes (${classes.slice(0, 6).map(quote).join(", ")}), but the network has ${outputs} outputs`,
        "give data with a class for each output",
      )
    }
    const index = new Map(classes.map((name, k) => [name, k]))
    return {
      targets: Int32Array.from(targets.words, (word) => index.get(word)!),
      note: `outputs are the classes ${classes.slice(0, 12).map(quote).join(", ")}${classes.length > 12 ? " and so on" : ""}, in this order`,
    }
  }
  const { values, width } = targets
  if (width === 1 && outputs > 1 && task !== "regression") {
    const bad = values.findIndex(
      (value) => !Number.isInteger(value) || value < 0 || value >= outputs,
    )
    if (bad >= 0) {
      return refuse(
        `the label of sample ${bad} is ${values[bad]}, but the network has outputs 0 to ${outputs - 1}`,
        "number the classes from 0",
      )
    }
    return { targets: Int32Array.from(values), note: undefined }
  }
  if (width !== outputs || (task === "classification" && outputs === 1)) {
    return refuse(
      `it has ${width} ${width === 1 ? "value" : "values"} per sample, but the network has ${outputs} ${outputs === 1 ? "output" : "outputs"}`,
      outputs === 1
        ? "give one value per sample, or 0 and 1 for two classes: one output distinguishes only two"
        : "give a class, or a value per output",
    )
  }
  const isOneHot = (): boolean => {
    for (let at = 0; at < values.length; at += width) {
      const row = values.subarray(at, at + width)
      if (row.some((value) => value !== 0 && value !== 1)) return false
      if (row.reduce((sum, value) => sum + value, 0) !== 1) return false
    }
    return true
  }
  if (width > 1 && task !== "regression" && isOneHot()) {
    const labels = Int32Array.from({ length: values.length / width }, (_, i) =>
      values.subarray(i * width, (i + 1) * width).indexOf(1),
    )
    return { targets: labels, note: "targets are one-hot rows, read as classes" }
  }
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) refuse(`target ${bad} is ${values[bad]}`, "omit the sample")
  return {
    targets: values,
    note: "the loss is half the squared error, summed over outputs: half of torch.nn.MSELoss times the outputs",
  }
}

/** Tests whether the outputs are probabilities: the network ends in a sigmoid. */
export const endsInSigmoid = ({ blocks }: Model): boolean => {
  const last = blocks.at(-1)
  return last?._tag === "Activation" && last.activation === "sigmoid"
}

/** Prepares the inputs of a network. Throws UnfitData if they do not match the network. */
export const inputs = (model: Model, samples: Samples, reading: Omit<Reading, "task">): Inputs => {
  const { path, values } = samples
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    const size = values.length / samples.count
    throw new UnfitData({
      path,
      reason: `number ${bad % size} of sample ${Math.floor(bad / size)} is ${values[bad]}`,
      remedy: "fill it in, or omit the sample",
    })
  }
  const { features, note } = inputsOf(model, samples)
  scale(features, model, path, reading)
  return { features, notes: [...samples.notes, ...(note === undefined ? [] : [note])] }
}

/** Prepares samples for a network. Throws UnfitData if they do not match the network, or have no targets. */
export const fit = (model: Model, samples: Samples, reading: Reading): Fitted => {
  const { path, targets } = samples
  if (targets === undefined) {
    throw new UnfitData({ path, reason: "it has no targets", remedy: "name them with --target" })
  }
  const { features, notes } = inputs(model, samples, reading)
  const isSigmoid = endsInSigmoid(model)
  const { note, ...compared } = targetsOf(
    model,
    { ...samples, targets },
    { ...reading, endsInSigmoid: isSigmoid },
  )
  const isLeftOff = isSigmoid && compared.isLogistic === true
  const left = isLeftOff
    ? "the sigmoid at the end is removed: its input is the logit of the loss"
    : undefined
  return {
    features,
    ...compared,
    blocks: isLeftOff ? model.blocks.slice(0, -1) : model.blocks,
    notes: [...notes, left, note].filter((each) => each !== undefined),
  }
}
