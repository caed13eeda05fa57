/** Numbers of ONNX tensors, inline or in external files. */
import { quote } from "@nonconvex/datasets/Quote"
import { BadModel } from "../ModelError.ts"
import {
  countOf,
  type Dtype,
  most,
  numbersOf,
  requireFinite,
  sizes,
  type Tensor,
} from "../Tensor.ts"
import type { RawTensor } from "./Wire.ts"

/** Types of weights by their numbers; others are integers, texts and complex numbers. */
const types: Readonly<Record<number, Dtype>> = { 1: "F32", 10: "F16", 11: "F64", 16: "BF16" }
const int64 = 7

/** Files next to a model, by their names in its tensors. */
export type Files = ReadonlyMap<string, Uint8Array>

/** Location of a tensor in another file. Throws BadModel on a path that leaves the model's folder. */
const externalOf = (path: string, { external, name }: RawTensor) => {
  const refuse = (reason: string, remedy: string): never => {
    throw new BadModel({ path, place: `tensor ${quote(name)}`, reason, remedy })
  }
  const location =
    external.get("location") ??
    refuse("it is stored in another file, whose name is missing", "export the model again")
  const parts = location.split(/[\\/]/)
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (location === "" || /^[\\/]|^[a-z]:|[\0-\u001f]/i.test(location) || parts.includes("..")) {
    return refuse(
      `it is stored in ${quote(location)}, outside the model's folder`,
      "files outside the model's folder are not read: put the weights next to the model, and export it again",
    )
  }
  const numberOf = (key: string): number | undefined => {
    const written = external.get(key)
    if (written === undefined) return undefined
    const value = /^\d{1,15}$/.test(written) ? Number(written) : Number.NaN
    return Number.isNaN(value)
      ? refuse(`its ${key} ${quote(written)} is not a number of bytes`, "export the model again")
      : value
  }
  return { location, offset: numberOf("offset") ?? 0, length: numberOf("length") }
}

/** Names of all external files of the tensors. */
export const filesOf = (path: string, tensors: ReadonlyArray<RawTensor>): ReadonlySet<string> =>
  new Set(
    tensors
      .filter(({ external }) => external.size > 0)
      .map((tensor) => externalOf(path, tensor).location),
  )

/**
 * Throws BadModel on types without derivatives, on numbers that are not finite, and on a count that does not match the shape.
 */
export const tensorOf = (path: string, raw: RawTensor, files: Files): Tensor => {
  const { name, shape } = raw
  const refuse = (reason: string, remedy = "export the model again"): never => {
    throw new BadModel({ path, place: `tensor ${quote(name)}`, reason, remedy })
  }
  const dtype =
    types[raw.type] ??
    refuse(
      `its numbers have ONNX type ${raw.type}; supported are float, float16, bfloat16 and double`,
      "quantised weights have no derivatives: export the network in float32",
    )
  const count = countOf(path, name, shape)
  const expected = count * sizes[dtype]
  const wrong = (found: number): never =>
    refuse(`its shape ${shape.join(" x ") || "()"} has ${expected} bytes, but ${found} were found`)
  const bytesOf = (): Uint8Array | undefined => {
    if (raw.external.size === 0) return raw.bytes
    const { length = expected, location, offset } = externalOf(path, raw)
    const file =
      files.get(location) ?? refuse(`there is no file ${quote(location)} next to the model`)
    if (length !== expected) return wrong(length)
    if (offset + length > file.length) {
      return refuse(
        `${quote(location)} has ${file.length} bytes, but the tensor is at bytes ${offset} to ${offset + length}`,
      )
    }
    return file.subarray(offset, offset + length)
  }
  const bytes = bytesOf()
  const valuesOf = (): Float64Array => {
    if (bytes !== undefined) {
      return bytes.length === expected ? numbersOf(bytes, dtype) : wrong(bytes.length)
    }
    // numbers in fields of their own; of the 16-bit types their bits
    const isBits = dtype === "F16" || dtype === "BF16"
    const written = isBits ? raw.ints : raw.floats
    if (written.length !== count) return wrong(written.length * sizes[dtype])
    return isBits
      ? numbersOf(new Uint8Array(Uint16Array.from(written).buffer), dtype)
      : Float64Array.from(written)
  }
  const tensor = { name, shape, values: valuesOf() }
  requireFinite(path, tensor)
  return tensor
}

/** Little-endian integers of 64 bits, as doubles; an incomplete one at the end is ignored. */
export const int64sOf = (bytes: Uint8Array): ReadonlyArray<number> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 3 }, (_, k) => Number(view.getBigInt64(8 * k, true)))
}

/** Integers, such as a shape; undefined for other tensors, and for too many. */
export const wholeNumbersOf = ({
  bytes,
  external,
  ints,
  type,
}: RawTensor): ReadonlyArray<number> | undefined => {
  if (type !== int64 || external.size > 0) return undefined
  if (bytes === undefined) return ints
  if (bytes.length % 8 !== 0 || bytes.length > 8 * most.dimensions) return undefined
  return int64sOf(bytes)
}
