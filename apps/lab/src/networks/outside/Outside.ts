/** Networks that other programs made, on data as they read it. */
import * as Cifar10 from "@nonconvex/datasets/Cifar10"
import { MissingFile } from "@nonconvex/datasets/FileError"
import type { NetworkOnData } from "@nonconvex/flat-minima/operations"
import {
  ArraySamples,
  ImageSamples,
  NetworkDescription,
  readNetwork,
  type ReadModel,
  Samples,
  TableSamples,
  UnfitData,
} from "@nonconvex/interchange/node"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, FileSystem, Path, Schema } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Json from "../../files/Json.ts"
import * as Prepared from "@nonconvex/datasets/Prepared"

/** Values of `OutsideFlags`. */
export interface Options {
  readonly architecture: string | undefined
  readonly features: string | undefined
  readonly labels: string | undefined
  readonly rows: number | undefined
  readonly inputShift: ReadonlyArray<number> | undefined
  readonly inputScale: ReadonlyArray<number> | undefined
}

/** The file of `--architecture` is no description of a network. */
export class UnreadableDescription extends Schema.TaggedError<UnreadableDescription>()(
  "UnreadableDescription",
  { path: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `${this.path}: ${this.reason}; the README of @nonconvex/interchange says how the layers of a network are described`
  }
}

/** The first bytes of a file; none of what is no file that can be read. */
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

/** As other programs name networks. */
const foreign = /\.(onnx|keras|h5|hdf5|safetensors|npz|pt|pth)$/i

/**
 * Tests whether a file is a network of another program: every format but JSON, and the JSON of TensorFlow.js. Any other content, such as an error page
 * of a server, is taken by the file's name.
 */
export const isOutside = Effect.fn("Outside.isOutside")(function* (path: string) {
  const bytes = yield* head(path, 2 ** 16)
  const text = new TextDecoder("latin1").decode(bytes)
  const isSaved = /^\s*\{/.test(text) && text.includes('"format"')
  if (foreign.test(path) && !isSaved) return true
  if (bytes.length === 0) return false
  // oxlint-disable-next-line no-control-regex -- no text has it
  const isText = !/[\0-\x08]/.test(text.slice(0, 64)) && !text.startsWith("\x89")
  return !isText || /"(modelTopology|weightsManifest)"/.test(text)
})

/** The flags about networks of other programs that were given. */
export const given = (options: Options): ReadonlyArray<string> => {
  const names: Readonly<Record<string, unknown>> = {
    architecture: options.architecture,
    features: options.features,
    labels: options.labels,
    rows: options.rows,
    "input-shift": options.inputShift,
    "input-scale": options.inputScale,
  }
  return Object.keys(names).filter((name) => names[name] !== undefined)
}

/** Such a flag beside a network of `train`, if there is one. */
export const misfit = (options: Options): Misfit | undefined => {
  const [flag] = given(options)
  return flag === undefined
    ? undefined
    : new Misfit({ flag, needs: "a network of another program: what train saved says all of it" })
}

const decode = Json.by(NetworkDescription, { onExcessProperty: "error" })

/** Reads a network, with its description where one is named. Fails with what is wrong with either file. */
export const read = Effect.fn("Outside.read")(function* (
  path: string,
  architecture: string | undefined,
) {
  const description =
    architecture === undefined
      ? undefined
      : yield* Json.read(architecture, Json.ofSettings, decode).pipe(
          Effect.mapError(
            ({ of, reason }) =>
              new UnreadableDescription({
                path: architecture,
                reason: of === "schema" ? `is no description of a network (${reason})` : reason,
              }),
          ),
        )
  return yield* readNetwork(path, description)
})

/** Samples from any source: the format is recognised by content, then by name. */
const samplesOf = Effect.fnUntraced(function* (source: Prepared.Source, options: Options) {
  const { name, target, testFraction } = source
  const { features, labels, rows } = options
  const own = Object.entries({
    keep: source.keep,
    category: source.category,
    ordinal: source.ordinal,
  })
  const said = own.find(([, values]) => (values ?? []).length > 0)?.[0]
  const flag = testFraction === undefined ? said : "test-fraction"
  if (flag !== undefined)
    return yield* new Misfit({ flag, needs: "a network that nonconvex train saved" })
  const table = { ...source, rows }
  if (!(yield* Prepared.isPath(name))) return yield* TableSamples.ofShipped(name, rows)
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const info = yield* Effect.option(fs.stat(name))
  if (info._tag === "None") return yield* new MissingFile({ path: name })
  if (info.value.type === "Directory") {
    return yield* (yield* Cifar10.isFolder(name))
      ? ImageSamples.ofCifar10Folder(name, rows)
      : ImageSamples.ofFolder(name, rows)
  }
  const [a, b, c, d] = yield* head(name, 4)
  const isZip = a === 0x50 && b === 0x4b
  if (isZip && paths.extname(name) === ".npz")
    return yield* ArraySamples.read(name, { features, target, rows })
  const isIdx = a === 0 && b === 0 && c === 8 && d === 3
  const isPacked = a === 0x1f && b === 0x8b && /idx|ubyte/.test(paths.basename(name))
  if (isIdx || isPacked) return yield* ImageSamples.ofIdx(name, { labels, rows })
  if (ImageSamples.isCifar10(name, Number(info.value.size)))
    return yield* ImageSamples.ofCifar10(name, rows)
  return yield* TableSamples.ofTable(table)
})

/** Network with its data, and notes on how they were read. */
export interface OnData {
  readonly network: NetworkOnData
  readonly read: ReadModel
  readonly samples: Samples.Samples
  readonly fitted: Samples.Fitted
  readonly notes: ReadonlyArray<string>
}

/** The network with the samples of `source`. Fails with UnfitData on data that the network cannot read, and with the errors of the files. */
export const attach = Effect.fn("Outside.attach")(function* (
  found: ReadModel,
  source: Prepared.Source,
  options: Options,
) {
  const { model } = found
  const samples = yield* samplesOf(source, options)
  const reading = { ...options, task: source.task }
  const fitted = yield* Seam.attempt([UnfitData], () => Samples.fit(model, samples, reading))
  const { blocks, features, isLogistic, targets } = fitted
  const network: NetworkOnData = {
    shape: { _tag: "Layered", input: model.input, blocks },
    parameters: model.parameters,
    features,
    targets,
    ...(isLogistic !== undefined && { isLogistic }),
    seed: source.seed,
  }
  return {
    network,
    read: found,
    samples,
    fitted,
    notes: [...model.notes, ...fitted.notes],
  } satisfies OnData
}, reported)
