/**
 * Scalars in TensorBoard's `Event` messages, as protocol buffers: `simple_value`, and tensors of one number.
 *
 * Source: tensorboard/compat/proto {event, summary, tensor}.proto.
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire"
import { most } from "./Series.ts"

/** Content of an event. */
export interface EventContent {
  readonly step: number
  readonly scalars: ReadonlyArray<readonly [tag: string, value: number]>
  readonly texts: ReadonlyArray<string>
}

/** Calls `of` with each field of a message; unknown fields are skipped. */
const fields = (
  bytes: Uint8Array,
  of: (reader: BinaryReader, field: number, type: WireType) => boolean,
): void => {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (!of(reader, field, type)) reader.skip(type, field)
  }
}

/** Numbers of `DataType` by their code. */
const types = { float: 1, double: 2, int32: 3, string: 7, int64: 9, half: 19 } as const

/** Bytes per number in `tensor_content`. */
const read: Readonly<Record<number, readonly [bytes: number, of: (view: DataView) => number]>> = {
  [types.float]: [4, (view) => view.getFloat32(0, true)],
  [types.double]: [8, (view) => view.getFloat64(0, true)],
  [types.int32]: [4, (view) => view.getInt32(0, true)],
  [types.int64]: [8, (view) => Number(view.getBigInt64(0, true))],
}

/** The single number, or the first text, of a `TensorProto`; undefined for others. */
const tensor = (bytes: Uint8Array): number | string | undefined => {
  let [type, size] = [0, 1]
  let content: Uint8Array = new Uint8Array()
  const numbers: Array<number> = []
  let text: string | undefined
  /** Packed numbers, or a single one. */
  const packed = (reader: BinaryReader, wire: WireType, next: (from: BinaryReader) => number) => {
    const from = wire === WireType.LengthDelimited ? new BinaryReader(reader.bytes()) : reader
    do {
      if (from.pos >= from.len) break
      if (numbers.length < 2) numbers.push(next(from))
      else next(from)
    } while (wire === WireType.LengthDelimited)
    return true
  }
  fields(bytes, (reader, field, wire) => {
    if (field === 1 && wire === WireType.Varint) type = reader.int32()
    else if (field === 2 && wire === WireType.LengthDelimited) {
      fields(reader.bytes(), (shape, of, kind) => {
        if (of !== 2 || kind !== WireType.LengthDelimited) return false
        fields(shape.bytes(), (dimension, part, sort) => {
          if (part !== 1 || sort !== WireType.Varint) return false
          size *= Number(dimension.int64())
          return true
        })
        return true
      })
    } else if (field === 4 && wire === WireType.LengthDelimited) content = reader.bytes()
    else if (field === 5) return packed(reader, wire, (from) => from.float())
    else if (field === 6) return packed(reader, wire, (from) => from.double())
    else if (field === 7) return packed(reader, wire, (from) => from.int32())
    else if (field === 10) return packed(reader, wire, (from) => Number(from.int64()))
    else if (field === 8 && wire === WireType.LengthDelimited) {
      const found = reader.bytes()
      if (found.length <= most.text) text ??= new TextDecoder().decode(found)
    } else return false
    return true
  })
  if (type === types.string) return text
  const of = read[type]
  if (size !== 1 || of === undefined) return undefined
  if (content.length >= of[0]) return of[1](new DataView(content.buffer, content.byteOffset))
  // zeros are left out
  return numbers.length <= 1 ? (numbers[0] ?? 0) : undefined
}

/** A `Summary.Value`: a tag with a number or a text. */
const value = (bytes: Uint8Array): readonly [tag: string, found: number | string | undefined] => {
  let tag = ""
  let found: number | string | undefined
  fields(bytes, (reader, field, wire) => {
    if (field === 1 && wire === WireType.LengthDelimited) tag = reader.string()
    else if (field === 2 && wire === WireType.Bit32) found = reader.float()
    else if (field === 8 && wire === WireType.LengthDelimited) found ??= tensor(reader.bytes())
    else return false
    return true
  })
  return [tag, found]
}

const decoded = (bytes: Uint8Array): EventContent => {
  let step = 0
  const values: Array<ReturnType<typeof value>> = []
  fields(bytes, (reader, field, wire) => {
    if (field === 2 && wire === WireType.Varint) step = Number(reader.int64())
    else if (field === 5 && wire === WireType.LengthDelimited) {
      fields(reader.bytes(), (summary, of, kind) => {
        if (of !== 1 || kind !== WireType.LengthDelimited) return false
        values.push(value(summary.bytes()))
        return true
      })
    } else return false
    return true
  })
  return {
    step,
    scalars: values.flatMap(([tag, found]) =>
      typeof found === "number" ? [[tag, found] as const] : [],
    ),
    texts: values.flatMap(([, found]) => (typeof found === "string" ? [found] : [])),
  }
}

/** Decodes one `Event`; undefined for other bytes. */
export const event = (bytes: Uint8Array): EventContent | undefined => {
  try {
    return decoded(bytes)
  } catch {
    // the wire reader throws plain errors of whatever is no message
    return undefined
  }
}
