/** Networks from other programs, on data in their own layout. */
import type { ArrayError } from "@nonconvex/datasets/ArrayError"
import * as Cifar10 from "@nonconvex/datasets/Cifar10"
import type * as Dataset from "@nonconvex/datasets/Dataset"
import type { Datasets } from "@nonconvex/datasets/Datasets"
import { MissingFile } from "@nonconvex/datasets/FileError"
import * as Prepared from "@nonconvex/datasets/Prepared"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, FileSystem, Path } from "effect"
import type { Description } from "../networks/Description.ts"
import { type Model, tensorsAt } from "../networks/Model.ts"
import { encode as encodeNpz } from "../networks/Npz.ts"
import * as ResNet8 from "../networks/ResNet8.ts"
import { encode as encodeSafetensors } from "../networks/Safetensors.ts"
import type { Tensor } from "../networks/Tensor.ts"
import * as ArraySamples from "../samples/ArraySamples.ts"
import * as ImageClasses from "../samples/ImageClasses.ts"
import * as ImageSamples from "../samples/ImageSamples.ts"
import * as Samples from "../samples/Samples.ts"
import * as TableSamples from "../samples/TableSamples.ts"
import { UnfitData } from "../samples/UnfitData.ts"
import type { ReadModel } from "./Networks.ts"

export { withFixed } from "../networks/Model.ts"

/** First bytes of a file; empty if it cannot be read as a file. */
const head = Effect.fnUntraced(function* (path: string, bytes: number) {
  const fs = yield* FileSystem.FileSystem
  const begin = Effect.scoped(
    Effect.gen(function* () {
      const { size, type } = yield* fs.stat(path)
      // what a pipe has is gone once it is read
      if (type !== "File") return new Uint8Array()
      const file = yield* fs.open(path, { flag: "r" })
      const buffer = new Uint8Array(Math.min(bytes, Number(size)))
      yield* file.read(buffer)
      return buffer
    }),
  )
  return yield* Effect.orElseSucceed(begin, () => new Uint8Array())
})

/** File names of networks from other programs. */
const foreign = /\.(onnx|keras|h5|hdf5|safetensors|npz|pt|pth)$/i

/**
 * Tests whether a file is a network from another program: every format except JSON, and the JSON of TensorFlow.js. Other
 * content, such as an error page of a server, is judged by the file's name.
 */
export const isForeign = Effect.fn("ForeignNetwork.isForeign")(function* (path: string) {
  const bytes = yield* head(path, 2 ** 16)
  const text = new TextDecoder("latin1").decode(bytes)
  const isSaved = /^\s*\{/.test(text) && text.includes('"format"')
  if (foreign.test(path) && !isSaved) return true
  if (bytes.length === 0) return false
  // oxlint-disable-next-line no-control-regex -- no text has it
  const isText = !/[\0-\x08]/.test(text.slice(0, 64)) && !text.startsWith("\x89")
  return !isText || /"(modelTopology|weightsManifest)"/.test(text)
})

/** Location of the samples of a network, and options for reading them. */
interface Reading {
  /** Array of the features in an archive; default the only possible one. */
  readonly features: string | undefined
  /** File of labels for images. */
  readonly labels: string | undefined
  /** Number of first rows to read; default all. */
  readonly rows: number | undefined
  readonly inputShift: ReadonlyArray<number> | undefined
  readonly inputScale: ReadonlyArray<number> | undefined
}

type Source = Pick<Prepared.Source, "ignore" | "name" | "seed" | "spelling" | "target" | "task">

/** Accepts samples without a target, for predictions. */
interface Unlabelled {
  readonly isTargetOptional: boolean
  /** Columns of a table that are kept unchanged and are not features. */
  readonly verbatim: ReadonlyArray<string>
}

/** Reads samples from any kind of file, recognised by its bytes, or by its name if the bytes are ambiguous. */
const samplesOf = Effect.fnUntraced(function* (
  source: Source,
  { features, labels, rows }: Reading,
  { isTargetOptional, verbatim }: Unlabelled = { isTargetOptional: false, verbatim: [] },
) {
  const { name, target } = source
  const table = { ...source, rows, isTargetOptional, verbatim }
  if (!(yield* Prepared.isPath(name)))
    return yield* TableSamples.ofShipped(name, rows, isTargetOptional ? "test" : "train")
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const info = yield* Effect.option(fs.stat(name))
  if (info._tag === "None") return yield* new MissingFile({ path: name })
  if (info.value.type === "Directory") {
    return yield* (yield* Cifar10.isFolder(name))
      ? ImageSamples.ofCifar10Folder(name, rows)
      : ImageSamples.ofFolder(name, rows, isTargetOptional)
  }
  const [a, b, c, d] = yield* head(name, 4)
  const isZip = a === 0x50 && b === 0x4b
  if (isZip && paths.extname(name) === ".npz")
    return yield* ArraySamples.read(name, { features, target, rows, isTargetOptional })
  const isIdx = a === 0 && b === 0 && c === 8 && d === 3
  const isPacked = a === 0x1f && b === 0x8b && /idx|ubyte/.test(paths.basename(name))
  if (isIdx || isPacked) return yield* ImageSamples.ofIdx(name, { labels, rows, isTargetOptional })
  if (ImageSamples.isCifar10(name, Number(info.value.size)))
    return yield* ImageSamples.ofCifar10(name, rows)
  return yield* TableSamples.ofTable(table)
})

/** A network with its data, and notes on how they were read. */
export interface OnData {
  readonly network: {
    readonly shape: {
      readonly _tag: "Layered"
      readonly input: Model["input"]
      readonly blocks: Model["blocks"]
    }
    readonly parameters: Float64Array
    readonly features: Float64Array
    readonly targets: Int32Array | Float64Array
    readonly isLogistic?: boolean
    readonly seed: number
  }
  readonly read: ReadModel
  readonly samples: Samples.Samples
  readonly fitted: Samples.Fitted
  readonly notes: ReadonlyArray<string>
}

const onSamples = Effect.fnUntraced(function* (
  found: ReadModel,
  samples: Samples.Samples,
  { seed, task }: Source,
  options: Reading,
): Effect.fn.Return<OnData, UnfitData> {
  const { model } = found
  const fitted = yield* Seam.attempt([UnfitData], () =>
    Samples.fit(model, samples, { ...options, task }),
  )
  const { blocks, features, isLogistic, targets } = fitted
  const network: OnData["network"] = {
    shape: { _tag: "Layered", input: model.input, blocks },
    parameters: model.parameters,
    features,
    targets,
    ...(isLogistic !== undefined && { isLogistic }),
    seed,
  }
  return { network, read: found, samples, fitted, notes: [...model.notes, ...fitted.notes] }
})

/**
 * Attaches the samples of `source` to the network. Fails with UnfitData if they do not match its inputs, and with the errors of
 * the files.
 */
export const attach: (
  found: ReadModel,
  source: Source,
  options: Reading,
) => Effect.Effect<
  OnData,
  ArrayError | Prepared.PreparedError | UnfitData,
  Datasets | FileSystem.FileSystem | Path.Path
> = Effect.fn("ForeignNetwork.attach")(function* (
  found: ReadModel,
  source: Source,
  options: Reading,
): Effect.fn.Return<
  OnData,
  ArrayError | Prepared.PreparedError | UnfitData,
  Datasets | FileSystem.FileSystem | Path.Path
> {
  return yield* onSamples(found, yield* samplesOf(source, options), source, options)
})

/**
 * Makes a ResNet-8 for the images of `source` and their classes, with weights 0. Fails with UnfitData if they are no images, or have no
 * classes, and with the errors of the files.
 */
export const resNet8: (
  source: Source,
  options: Reading & { readonly channels: number },
) => Effect.Effect<
  OnData,
  ArrayError | Prepared.PreparedError | UnfitData,
  Datasets | FileSystem.FileSystem | Path.Path
> = Effect.fn("ForeignNetwork.resNet8")(function* (
  source,
  { channels, ...options },
): Effect.fn.Return<
  OnData,
  ArrayError | Prepared.PreparedError | UnfitData,
  Datasets | FileSystem.FileSystem | Path.Path
> {
  const read = yield* samplesOf(source, options)
  const { classes, input, samples } = yield* Seam.attempt([UnfitData], () => ImageClasses.of(read))
  const model = ResNet8.resNet8(source.name, { channels, classes, input })
  return yield* onSamples({ format: "safetensors", model }, samples, source, options)
})

/** Inputs of a network, with their targets if they have any. */
export interface Inputs {
  readonly samples: Samples.Samples
  readonly features: Float64Array
  /** Targets as the network learnt them; undefined if there are none. */
  readonly fitted: Samples.Fitted | undefined
  readonly notes: ReadonlyArray<string>
}

/**
 * Reads samples for predictions: a target is optional, and of a bundled set the test part is read. Fails with UnfitData if they do not
 * match the network's inputs, and with the errors of the files.
 */
export const inputs: (
  found: ReadModel,
  source: Source,
  options: Reading & Pick<Unlabelled, "verbatim">,
) => Effect.Effect<
  Inputs,
  ArrayError | Prepared.PreparedError | UnfitData,
  Datasets | FileSystem.FileSystem | Path.Path
> = Effect.fn("ForeignNetwork.inputs")(function* (
  { model },
  source,
  { verbatim, ...options },
): Effect.fn.Return<
  Inputs,
  ArrayError | Prepared.PreparedError | UnfitData,
  Datasets | FileSystem.FileSystem | Path.Path
> {
  const samples = yield* samplesOf(source, options, { isTargetOptional: true, verbatim })
  const reading = { ...options, task: source.task }
  return yield* Seam.attempt([UnfitData], () => {
    if (samples.targets !== undefined) {
      const fitted = Samples.fit(model, samples, reading)
      const { features, notes } = fitted
      return { samples, features, fitted, notes: [...model.notes, ...notes] }
    }
    const { features, notes } = Samples.inputs(model, samples, reading)
    return { samples, features, fitted: undefined, notes: [...model.notes, ...notes] }
  })
})

/** Target of a network; a single logit distinguishes two classes. */
const targetOf = ({
  network: { isLogistic = false, targets },
  read: { model },
}: OnData): Dataset.Target => {
  const { outputs } = model.architecture
  const isLogit = isLogistic && outputs === 1
  if (!isLogit && !(targets instanceof Int32Array)) return { _tag: "Regression", values: targets }
  return {
    _tag: "Classification",
    labels: Int32Array.from(targets),
    classes: model.classes ?? Array.from({ length: isLogit ? 2 : outputs }, (_, k) => String(k)),
  }
}

/** All samples as training rows, unscaled, because the network was trained elsewhere on unscaled data. */
export const asDataset = (found: OnData): Prepared.Prepared => {
  const { network, read, samples } = found
  const { inputs: dimension } = read.model.architecture
  const target = targetOf(found)
  const train: Dataset.Dataset = {
    name: samples.path,
    features: network.features,
    samples: samples.count,
    dimension,
    featureNames: samples.names ?? Array.from({ length: dimension }, (_, j) => `input-${j + 1}`),
    target,
    provenance: {
      source: samples.path,
      licence: "unknown",
      notice: `data of the user, read from ${samples.path}`,
    },
  }
  const none = new Float64Array()
  return {
    train,
    test: {
      ...train,
      features: none,
      samples: 0,
      target:
        target._tag === "Classification"
          ? { ...target, labels: new Int32Array() }
          : { ...target, values: none },
    },
    transform: {
      shift: new Float64Array(dimension),
      scale: new Float64Array(dimension).fill(1),
    },
  }
}

const writers = {
  ".safetensors": (tensors: ReadonlyArray<Tensor>, description: Description | undefined) =>
    encodeSafetensors(tensors, description && JSON.stringify(description)),
  ".npz": encodeNpz,
}

const isWritten = (extension: string): extension is keyof typeof writers =>
  Object.hasOwn(writers, extension)

/**
 * Writer of a model by the file extension: its tensors under their names, at other parameters, and in `.safetensors` the description
 * with which it was read. Undefined except for `.safetensors` and `.npz`.
 */
export const writerFor = (extension: string) =>
  isWritten(extension)
    ? (model: Model, parameters: Float64Array): Uint8Array =>
        writers[extension]([...tensorsAt(model, parameters), ...model.fixed], model.description)
    : undefined
