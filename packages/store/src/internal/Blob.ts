/**
 * JSON head and body of bytes in one array: the length of the head in four bytes, the head, the body. All numbers are
 * little-endian.
 */
import type { Schema } from "effect"
import * as Text from "./Text.ts"

const headLength = 4

/** Puts a head before a body of `size` bytes, which `fill` writes. */
export const write = (
  head: Schema.Json,
  size: number,
  fill: (body: DataView) => void,
): Uint8Array => {
  const text = new TextEncoder().encode(Text.of(head))
  const bytes = new Uint8Array(headLength + text.length + size)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, headLength)
  fill(new DataView(bytes.buffer, headLength + text.length))
  return bytes
}

/** Head and body of the output of `write`. */
export const read = (
  bytes: Uint8Array,
): { readonly head: Schema.Json; readonly body: DataView } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = headLength + view.getUint32(0, true)
  const head = new TextDecoder().decode(bytes.subarray(headLength, start))
  return {
    head: Text.read(head),
    body: new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start),
  }
}

/** Writes a number with every bit except the payload of a NaN, which JavaScript hides. */
export const setNumber = (body: DataView, at: number, value: number): void => {
  if (Number.isNaN(value)) {
    body.setUint32(at, 0, true)
    body.setUint32(at + 4, 0x7ff80000, true)
  } else body.setFloat64(at, value, true)
}

/** Bytes that hold any index below `count`. */
export const widthOf = (count: number): 0 | 1 | 2 | 4 => {
  if (count <= 1) return 0
  if (count <= 0x100) return 1
  return count <= 0x10000 ? 2 : 4
}

export const setIndex = (body: DataView, at: number, width: 0 | 1 | 2 | 4, index: number): void => {
  if (width === 1) body.setUint8(at, index)
  else if (width === 2) body.setUint16(at, index, true)
  else if (width === 4) body.setUint32(at, index, true)
}

export const getIndex = (body: DataView, at: number, width: 0 | 1 | 2 | 4): number => {
  if (width === 1) return body.getUint8(at)
  if (width === 2) return body.getUint16(at, true)
  return width === 4 ? body.getUint32(at, true) : 0
}
