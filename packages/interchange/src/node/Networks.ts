/** Networks in files from other programs, recognised by content rather than by name. */
import { listOf, quote } from "@nonconvex/datasets/Quote"
import { BadArchive, type BadArray } from "@nonconvex/datasets/ArrayError"
import { type FileError, readBytes, type TooManyBytes } from "@nonconvex/datasets/FileError"
import * as FileKind from "@nonconvex/datasets/FileKind"
import * as Npz from "@nonconvex/datasets/Npz"
import * as Zip from "@nonconvex/datasets/Zip"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, FileSystem, Path, Schema } from "effect"
import * as Tfjs from "../networks/keras/Tfjs.ts"
import { json } from "../networks/JsonText.ts"
import { model as described } from "../networks/DescribedNetwork.ts"
import { Description } from "../networks/Description.ts"
import type { Model } from "../networks/Model.ts"
import { BadModel, type ModelError, modelErrors, PickledModel } from "../networks/ModelError.ts"
import * as Safetensors from "../networks/Safetensors.ts"
import { countOf, most, requireFinite, type Tensor, type Tensors } from "../networks/Tensor.ts"
import * as Hdf5Thread from "./hdf5/Thread.ts"

/** Formats of a file. */
export type Format = "safetensors" | "npz" | "keras" | "h5" | "tfjs" | "onnx"

/** Errors when reading a network. */
export type ReadError = ModelError | FileError | TooManyBytes | BadArchive | BadArray

/** A model, and the format of its file. */
export interface ReadModel {
  readonly format: Format
  readonly model: Model
}

/** Reader of ONNX graphs; it and its library are loaded on demand. */
const onnx = Effect.promise(() => import("../networks/onnx/Onnx.ts"))

const bounds = { members: most.tensors, bytes: most.bytes }

const isPickle = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x80 && bytes[1] !== undefined && bytes[1] >= 2 && bytes[1] <= 5

const isHdf5 = (bytes: Uint8Array): boolean =>
  [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, k) => bytes[k] === byte)

/** Tests for ONNX: its protocol buffer begins with the version of its format. */
const isOnnx = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x08 && bytes[1] !== undefined && bytes[1] < 0x40

/** First letters of a file, as far as they are printable. */
const opening = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, 512))

const isSafetensors = (bytes: Uint8Array): boolean => bytes.length > 8 && bytes[8] === 0x7b

const shapes = (tensors: Tensors): string =>
  listOf([...tensors.values()].map(({ name, shape }) => `${name} ${shape.join(" x ")}`))

/** Adds a description to weights. */
const withDescription = (
  path: string,
  tensors: Tensors,
  description: Description | undefined,
): Model => {
  if (description !== undefined) return described(path, description, tensors)
  throw new BadModel({
    path,
    reason: `it has only weights: ${shapes(tensors)}`,
    remedy: "describe the layers with --architecture net.json (README of @nonconvex/interchange)",
  })
}

const decodeDescription = Schema.decodeUnknownOption(Schema.fromJsonString(Description))

/** The description that this program wrote into the file, if any. */
const ownDescription = (bytes: Uint8Array, path: string): Description | undefined => {
  const note = Safetensors.noteOf(bytes, path)
  if (note === undefined) return undefined
  const decoded = decodeDescription(note)
  if (decoded._tag === "Some") return decoded.value
  throw new BadModel({
    path,
    place: `note ${quote(Safetensors.layersNote)}`,
    reason: "it is not a description of layers from this version",
    remedy: "describe the layers with --architecture net.json (README of @nonconvex/interchange)",
  })
}

const noDescription = (path: string, description: Description | undefined): void => {
  if (description === undefined) return
  throw new BadModel({
    path,
    reason: "it describes its own layers",
    remedy: "omit --architecture, which is for .safetensors and .npz",
  })
}

/** Arrays of an archive as tensors, if they are floating-point numbers. */
const tensorsOf = (path: string, arrays: Npz.Npz): Tensors => {
  const tensors = new Map<string, Tensor>()
  for (const [name, { data, dtype, shape }] of arrays) {
    // counters that no one differentiates
    if (shape.length === 0 && !/f/.test(dtype)) continue
    if (data._tag !== "Numbers" || !/^[<>]f[248]$/.test(dtype)) {
      throw new BadModel({
        path,
        place: `array ${quote(name)}`,
        reason: `its type is ${dtype}`,
        remedy: 'weights must be floating-point numbers: a.astype("float32")',
      })
    }
    countOf(path, name, shape)
    const tensor = { name, shape, values: data.values }
    requireFinite(path, tensor)
    tensors.set(name, tensor)
  }
  return tensors
}

/** Runs code that throws the errors of a model. */
const attempt = <A>(run: () => A) => Seam.attempt(modelErrors, run)

const ofZip = Effect.fnUntraced(function* (
  path: string,
  bytes: Uint8Array,
  description: Description | undefined,
) {
  const members = new Map(
    (yield* Effect.fromResult(Zip.members(path, bytes, bounds))).map((member) => [
      member.name,
      member,
    ]),
  )
  if ([...members.keys()].some((name) => name.endsWith(".pkl")))
    return yield* new PickledModel({ path })
  const config = members.get("config.json")
  if (config === undefined) {
    const arrays = yield* Effect.fromResult(Npz.decode(bytes, path))
    const model = yield* attempt(() => withDescription(path, tensorsOf(path, arrays), description))
    return { format: "npz", model } satisfies ReadModel
  }
  const weights = members.get("model.weights.h5")
  if (weights === undefined) {
    const remedy = "save the model again, with Keras 3"
    return yield* new BadArchive({ path, reason: "it has no member model.weights.h5", remedy })
  }
  const [text, packed] = [
    yield* Effect.fromResult(config.bytes()),
    yield* Effect.fromResult(weights.bytes()),
  ]
  yield* attempt(() => noDescription(path, description))
  const model = yield* Hdf5Thread.model({ path, bytes: packed, config: text })
  return { format: "keras", model } satisfies ReadModel
})

/**
 * Files next to a model, by their names in the model. Fails with FileError, and with BadModel if a link leaves the folder or the
 * files exceed the byte limit.
 */
const beside = Effect.fnUntraced(function* (path: string, names: Iterable<string>) {
  const [fs, paths] = [yield* FileSystem.FileSystem, yield* Path.Path]
  const real = (name: string) => Effect.orElseSucceed(fs.realPath(name), () => name)
  const folder = yield* real(paths.dirname(path))
  const files = new Map<string, Uint8Array>()
  let left = most.bytes
  for (const name of names) {
    const at = paths.join(folder, name)
    if (!(yield* real(at)).startsWith(folder + paths.sep)) {
      return yield* new BadModel({
        path,
        reason: `its weights are in ${quote(name)}, a link out of its folder`,
        remedy: "files outside the model's folder are not read: put the weights next to the model",
      })
    }
    const bytes = yield* readBytes(at, left)
    left -= bytes.length
    files.set(name, bytes)
  }
  return files
})

const ofTfjs = Effect.fnUntraced(function* (path: string, bytes: Uint8Array) {
  const manifest = yield* attempt(() => {
    const value = json(path, "it", bytes)
    const decoded = Schema.decodeUnknownOption(Tfjs.ModelJson)(value)
    if (decoded._tag === "None") {
      throw new BadModel({
        path,
        reason:
          "it is not a model.json of TensorFlow.js: modelTopology or weightsManifest is missing",
        remedy: "give a file that nonconvex train or TensorFlow.js saved",
      })
    }
    return decoded.value
  })
  const names = yield* attempt(() => Tfjs.filesOf(path, manifest))
  const files = yield* beside(path, names)
  return yield* attempt(() => Tfjs.model(path, manifest, files))
})

const ofOnnx = Effect.fnUntraced(function* (path: string, bytes: Uint8Array) {
  const { externalFiles, read: readGraph } = yield* onnx
  const names = yield* attempt(() => externalFiles(bytes, path))
  const files = yield* beside(path, names)
  return yield* attempt(() => readGraph(bytes, path, files))
})

/**
 * Reads the network in a file: safetensors or npz with a description, Keras's `.keras` or `.h5`, `model.json` of TensorFlow.js,
 * or ONNX.
 *
 * Forward passes agree with those of its program to 1e-5 in float32; parameters keep their names. Fails with the problem and its
 * place. Pickles are refused, no path leads out of the folder, and sizes are checked before allocation.
 *
 * @example
 * ```ts import.meta.vitest
 * import { NodeServices } from "@effect/platform-node"
 * import { encodeNpz, readNetwork } from "@nonconvex/interchange/node"
 * import { Effect, FileSystem } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const fs = yield* FileSystem.FileSystem
 *   const path = yield* fs.makeTempFileScoped()
 *   yield* fs.writeFile(path, encodeNpz([{ name: "out.weight", shape: [1, 2], values: Float64Array.of(3, 4) }]))
 *   const { format, model } = yield* readNetwork(path, { version: 1, input: 2, layers: [{ layer: "dense", name: "out" }] })
 *   return [format, model.parameters]
 * })
 * const read = await program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.runPromise)
 * read // => ["npz", Float64Array.of(3, 4)]
 * ```
 */
export const read = Effect.fn("Networks.read")(function* (
  path: string,
  description?: Description,
): Effect.fn.Return<ReadModel, ReadError, FileSystem.FileSystem | Path.Path> {
  const bytes = yield* readBytes(path, most.bytes)
  if (Zip.isZip(bytes)) return yield* ofZip(path, bytes, description)
  if (isPickle(bytes)) return yield* new PickledModel({ path })
  if (isHdf5(bytes)) {
    yield* attempt(() => noDescription(path, description))
    return { format: "h5", model: yield* Hdf5Thread.model({ path, bytes }) }
  }
  if (isSafetensors(bytes)) {
    const model = yield* attempt(() =>
      withDescription(
        path,
        Safetensors.decode(bytes, path),
        description ?? ownDescription(bytes, path),
      ),
    )
    return { format: "safetensors", model }
  }
  if (isOnnx(bytes)) {
    yield* attempt(() => noDescription(path, description))
    return { format: "onnx", model: yield* ofOnnx(path, bytes) }
  }
  if (bytes[0] === 0x7b) {
    yield* attempt(() => noDescription(path, description))
    return { format: "tfjs", model: yield* ofTfjs(path, bytes) }
  }
  const isEmpty = bytes.length === 0
  const kind = FileKind.ofBytes(bytes) ?? FileKind.ofText(opening(bytes))
  const is = isEmpty ? "empty" : kind === undefined ? undefined : FileKind.names[kind]
  return yield* new BadModel({
    path,
    reason: is === undefined ? "it is not a network in a supported format" : `it is ${is}`,
    remedy:
      kind === "gzip"
        ? "unpack it first"
        : kind === "pointer"
          ? "fetch the file itself: git lfs pull"
          : "give safetensors, npz, .keras, .h5, model.json of TensorFlow.js or ONNX",
  })
})
