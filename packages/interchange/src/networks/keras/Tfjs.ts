/**
 * TensorFlow.js models: `model.json` with layers and a manifest of weights, and binary files next to it.
 *
 * Source: tensorflow/tfjs, tfjs-core/src/io/types.ts, `ModelJSON` and `WeightsManifestConfig`.
 */
import { quote } from "@nonconvex/datasets/Quote"
import * as Schema from "effect/Schema"
import type { Model } from "../Model.ts"
import { BadModel } from "../ModelError.ts"
import { countOf, most, numbersOf, requireFinite, type Tensor } from "../Tensor.ts"
import * as Config from "./Config.ts"

const Name = Schema.String.check(Schema.isMaxLength(1000))

/** Group of weights: all numbers contiguous, in one or several files. */
const Group = Schema.Struct({
  paths: Schema.Array(Name).check(Schema.isMaxLength(1000)),
  weights: Schema.Array(
    Schema.Struct({
      name: Name,
      shape: Schema.Array(Schema.Int),
      dtype: Name,
      quantization: Schema.optionalKey(
        Schema.Struct({
          dtype: Name,
          scale: Schema.optionalKey(Schema.Finite),
          min: Schema.optionalKey(Schema.Finite),
        }),
      ),
    }),
  ).check(Schema.isMaxLength(most.tensors)),
})

type Group = typeof Group.Type

export const ModelJson = Schema.Struct({
  modelTopology: Schema.Unknown,
  weightsManifest: Schema.Array(Group).check(Schema.isMaxLength(1000)),
  format: Schema.optionalKey(Schema.Unknown),
})
export type ModelJson = typeof ModelJson.Type

/** Names of the files with the weights. Throws BadModel if one leads out of the model's folder. */
export const filesOf = (path: string, { weightsManifest }: ModelJson): ReadonlyArray<string> => {
  const names = weightsManifest.flatMap(({ paths }) => paths)
  for (const name of names) {
    if (/^(\.\/)?[\w-][\w.-]*$/.test(name)) continue
    throw new BadModel({
      path,
      reason: `its weights are in ${quote(name)}, which is missing from its folder`,
      remedy:
        "files outside the model's folder are not read: put the weights next to the model, and save it again",
    })
  }
  return names
}

type Quantization = NonNullable<Group["weights"][number]["quantization"]>

/** Bytes of a quantised number. */
const widths: Readonly<Record<string, number>> = { uint8: 1, uint16: 2, float16: 2 }

/** Numbers of a tensor, computed from quantised ones as TensorFlow.js does: `scale q + min`. */
const valuesOf = (bytes: Uint8Array, quantization: Quantization | undefined): Float64Array => {
  if (quantization === undefined) return numbersOf(bytes, "F32")
  const { dtype, min = 0, scale = 1 } = quantization
  if (dtype === "float16") return numbersOf(bytes, "F16")
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const step = widths[dtype]!
  return Float64Array.from({ length: bytes.length / step }, (_, k) => {
    const whole = step === 1 ? view.getUint8(k) : view.getUint16(2 * k, true)
    return Math.fround(whole * scale + min)
  })
}

/** Network of a model, with its files by name. Throws the errors of `Config.model`, and BadModel on missing weights. */
export const model = (
  path: string,
  json: ModelJson,
  files: ReadonlyMap<string, Uint8Array>,
): Model => {
  const refuse = (reason: string, remedy: string, name?: string): never => {
    const place = name === undefined ? {} : { place: `tensor ${quote(name)}` }
    throw new BadModel({ path, ...place, reason, remedy })
  }
  const topology = json.modelTopology as Readonly<Record<string, unknown>> | null
  if (json.format === "graph-model" || topology?.["node"] !== undefined) {
    return refuse(
      "it is a graph model, which has no layers",
      "save it as a layers model, or export it to ONNX",
    )
  }
  const tensors = new Map<string, Tensor>()
  let elements = 0
  for (const { paths, weights } of json.weightsManifest) {
    const shards = paths.map(
      (name) =>
        files.get(name) ??
        refuse(`there is no file ${quote(name)} next to it`, "put the weights next to the model"),
    )
    const bytes = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0))
    shards.reduce((at, shard) => {
      bytes.set(shard, at)
      return at + shard.length
    }, 0)
    let at = 0
    for (const { dtype, name, quantization, shape } of weights) {
      const bytesEach = quantization === undefined ? 4 : widths[quantization.dtype]
      if (dtype !== "float32" || bytesEach === undefined) {
        return refuse(
          `its numbers have type ${quote(quantization?.dtype ?? dtype)}, which is not supported`,
          "convert the model in float32",
          name,
        )
      }
      const count = countOf(path, name, shape)
      elements += count
      if (elements > most.elements)
        refuse(`its tensors have more than ${most.elements} numbers`, "certify a smaller network")
      const end = at + bytesEach * count
      if (end > bytes.length) {
        refuse(
          `its bytes ${at} to ${end} are beyond the ${bytes.length} bytes of weights`,
          "fetch the weights again",
          name,
        )
      }
      const tensor = { name, shape, values: valuesOf(bytes.subarray(at, end), quantization) }
      requireFinite(path, tensor)
      tensors.set(name, tensor)
      at = end
    }
    if (at !== bytes.length) {
      refuse(
        `its manifest has ${at} bytes of ${paths.map(quote).join(", ")}, but ${bytes.length} were found`,
        "fetch the weights again",
      )
    }
  }
  // of Keras the topology is one level deeper
  const inner = topology?.["model_config"] ?? topology
  const read = Config.model(path, inner, () => (layer, part) => tensors.get(`${layer}/${part}`))
  const isQuantised = json.weightsManifest.some(({ weights }) =>
    weights.some(({ quantization }) => quantization !== undefined),
  )
  if (!isQuantised) return read
  const note =
    "its weights are quantised, and read as the numbers that TensorFlow.js computes with: near those of the training"
  return { ...read, notes: [...read.notes, note] }
}
