/**
 * Weights in the `safetensors` format. Eight bytes give the length of the header. The header is JSON with type, shape and place
 * of each tensor. The numbers follow, little-endian and row-major, without gaps.
 *
 * Source: huggingface/safetensors, README, section "Format".
 */
import { quote } from "@nonconvex/datasets/Quote"
import { BadModel } from "./ModelError.ts"
import {
  countOf,
  isDtype,
  most,
  numbersOf,
  requireFinite,
  sizes,
  type Tensor,
  type Tensors,
} from "./Tensor.ts"

/** Maximum number of bytes of a header: a thousand for each tensor. */
const mostHeader = 2 ** 24

/** Key of the writer's metadata. */
const metadata = "__metadata__"

/** Name of the description of layers in the metadata. */
export const layersNote = "nonconvex.layers"

interface Entry {
  readonly dtype: string
  readonly shape: ReadonlyArray<number>
  readonly offsets: readonly [begin: number, end: number]
}

const isNumbers = (value: unknown): value is ReadonlyArray<number> =>
  Array.isArray(value) && value.every((each) => typeof each === "number")

/** Header entry of one tensor; undefined for other content. */
const entryOf = (value: unknown): Entry | undefined => {
  if (typeof value !== "object" || value === null) return undefined
  const { data_offsets: offsets, dtype, shape } = value as Readonly<Record<string, unknown>>
  if (typeof dtype !== "string" || !isNumbers(shape) || !isNumbers(offsets)) return undefined
  const [begin, end] = offsets
  if (offsets.length !== 2 || begin === undefined || end === undefined) return undefined
  return { dtype, shape, offsets: [begin, end] }
}

const whole = "fetch the file again, or write it again with safetensors"

/** The header of a file, and the bytes after it. Throws BadModel. */
const headerOf = (bytes: Uint8Array, path: string) => {
  const refuse = (reason: string): never => {
    throw new BadModel({ path, reason, remedy: whole })
  }
  if (bytes.length < 8) return refuse("it ends within its header")
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > mostHeader)
    return refuse(`its header claims ${length} bytes; the limit is ${mostHeader}`)
  const start = 8 + length
  if (start > bytes.length) return refuse("it ends within its header")
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)))
  } catch {
    return refuse("its header is not JSON")
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    return refuse("its header is not a list of tensors")
  }
  return { header: header as Readonly<Record<string, unknown>>, data: bytes.subarray(start) }
}

/** The description of layers as this program writes it, if any. Throws BadModel on a header that cannot be read. */
export const noteOf = (bytes: Uint8Array, path: string): string | undefined => {
  const notes = headerOf(bytes, path).header[metadata]
  if (typeof notes !== "object" || notes === null) return undefined
  const note = (notes as Readonly<Record<string, unknown>>)[layersNote]
  return typeof note === "string" ? note : undefined
}

/**
 * Decodes the tensors of a file. Throws BadModel if header and numbers do not match, above the limits, on types that are not
 * floating-point, and on numbers that are not finite.
 */
export const decode = (bytes: Uint8Array, path: string): Tensors => {
  const refuse = (reason: string, name?: string, remedy = whole): never => {
    const place = name === undefined ? {} : { place: `tensor ${quote(name)}` }
    throw new BadModel({ path, ...place, reason, remedy })
  }
  const { data, header } = headerOf(bytes, path)
  const entries = Object.entries(header).filter(([name]) => name !== metadata)
  if (entries.length > most.tensors) {
    return refuse(`it has ${entries.length} tensors; the limit is ${most.tensors}`)
  }
  const tensors = new Map<string, Tensor>()
  let elements = 0
  let used = 0
  for (const [name, value] of entries) {
    const entry = entryOf(value) ?? refuse("its header lacks type, shape or place", name)
    const { dtype, offsets, shape } = entry
    const count = countOf(path, name, shape)
    // counters that no one differentiates, such as PyTorch's num_batches_tracked
    if (shape.length === 0 && !isDtype(dtype)) continue
    if (!isDtype(dtype)) {
      return refuse(
        `its numbers have type ${quote(dtype)}; supported are ${Object.keys(sizes).join(", ")}`,
        name,
        "quantised weights have no derivatives: save the network in float32",
      )
    }
    const [begin, end] = offsets
    const isInside = Number.isSafeInteger(begin) && begin >= 0 && begin <= end && end <= data.length
    if (!isInside)
      return refuse(
        `its bytes ${begin} to ${end} are beyond the ${data.length} bytes of data`,
        name,
      )
    const expected = count * sizes[dtype]
    if (end - begin !== expected) {
      return refuse(
        `its shape ${shape.join(" x ") || "()"} of ${dtype} has ${expected} bytes, but ${end - begin} were found`,
        name,
      )
    }
    elements += count
    used += expected
    if (elements > most.elements) {
      return refuse(`its tensors have more than ${most.elements} numbers`)
    }
    // tensors that share their bytes would unpack to more than the file has
    if (used > data.length) {
      return refuse(`its tensors claim ${used} bytes in total, but ${data.length} were found`)
    }
    const tensor = { name, shape, values: numbersOf(data.subarray(begin, end), dtype) }
    requireFinite(path, tensor)
    tensors.set(name, tensor)
  }
  return tensors
}

/** The bytes of a file with these tensors, in double precision, and the text of a description of layers if there is one. */
export const encode = (tensors: ReadonlyArray<Tensor>, layers?: string): Uint8Array => {
  const header: Record<string, unknown> = {
    [metadata]: { format: "pt", writer: "nonconvex", ...(layers && { [layersNote]: layers }) },
  }
  let at = 0
  for (const { name, shape, values } of tensors) {
    const end = at + 8 * values.length
    header[name] = { dtype: "F64", shape, data_offsets: [at, end] }
    at = end
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // numbers begin at a multiple of eight
  const length = 8 * Math.ceil(text.length / 8)
  const bytes = new Uint8Array(8 + length + at).fill(0x20, 8, 8 + length)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(length), true)
  bytes.set(text, 8)
  let to = 8 + length
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat64(to, value, true)
      to += 8
    }
  }
  return bytes
}
