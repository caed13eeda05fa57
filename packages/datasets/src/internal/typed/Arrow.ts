/**
 * Apache Arrow, as a file (Feather 2) or a stream, by its library, in a separate thread; also compressed by LZ4 or Zstandard.
 *
 * Decimals and times are returned as complete texts, and booleans as 0 and 1. Nested columns are skipped, and named.
 */
import type { Data, DataType, Decimal, Time, Timestamp, Vector } from "apache-arrow"
import { streamIn } from "./ArrowFrames.ts"
import * as Codecs from "./Codecs.ts"
import {
  cellsOf,
  type Column,
  type Columns,
  sorted,
  Refused,
  requireSize,
  type Value,
  withIndexFirst,
} from "./Columns.ts"
import * as Moments from "./Moments.ts"

type Library = typeof import("apache-arrow")

/** Reader of the value at a position of a chunk of a column, if it is not null. */
interface Reading {
  readonly kind: Column["kind"]
  readonly value: (part: Data, at: number) => Value
}

/** Digits of a second by the library's number of a unit. */
const digits: ReadonlyArray<Moments.Digits> = [0, 3, 6, 9]

const cutOff = (): never => {
  throw new Refused("its parts end before their data are complete", "write the file again")
}

/** The number at a place; a missing value is not read as 0. */
const numberAt = ({ values }: Data, at: number): number | bigint =>
  (values as { readonly [at: number]: number | bigint | undefined })[at] ?? cutOff()

/** A number of words of 32 bits, the least significant first, in two's complement. */
const wide = (words: Uint32Array): bigint => {
  let value = 0n
  for (const word of words.toReversed()) value = (value << 32n) | BigInt(word)
  return BigInt.asIntN(32 * words.length, value)
}

/** Getter of the library for the value at a position. */
const getterOf = (arrow: Library): ((part: Data, at: number) => unknown) => {
  const vectors = new WeakMap<Data, Vector>()
  return (part, at) => {
    const vector = vectors.get(part) ?? new arrow.Vector([part])
    vectors.set(part, vector)
    return vector.get(at)
  }
}

/** Reader of a column. Throws Refused, with its name, for an unsupported type. */
const readingOf = (arrow: Library, name: string, type: DataType): Reading => {
  const { Type } = arrow
  const number = (value: Reading["value"]): Reading => ({ kind: "number", value })
  const text = (value: Reading["value"]): Reading => ({ kind: "text", value })
  switch (type.typeId) {
    case Type.Null:
      return number(() => null)
    case Type.Bool:
      return number((part, at) => {
        const bit = part.offset + at
        const byte = (part.values as Uint8Array)[bit >> 3] ?? cutOff()
        return (byte >> (bit & 7)) & 1
      })
    case Type.Float:
    case Type.Int:
    case Type.Duration: {
      const isHalf = arrow.DataType.isFloat(type) && type.precision === arrow.Precision.HALF
      const get = getterOf(arrow)
      return number((part, at) => (isHalf ? (get(part, at) as number) : numberAt(part, at)))
    }
    case Type.Decimal: {
      const { bitWidth, scale } = type as Decimal
      const words = bitWidth / 32
      return number(({ values }, at) => {
        const own = (values as Uint32Array).subarray(words * at, words * (at + 1))
        return Moments.decimal(own.length === words ? wide(own) : cutOff(), scale)
      })
    }
    case Type.Date: {
      const isDays = arrow.DataType.isDate(type) && type.unit === arrow.DateUnit.DAY
      return text((part, at) => {
        const count = Number(numberAt(part, at))
        return Moments.date(isDays ? count : Math.floor(count / 86_400_000))
      })
    }
    case Type.Time:
      return text((part, at) =>
        Moments.time(BigInt(numberAt(part, at)), digits[(type as Time).unit]!),
      )
    case Type.Timestamp: {
      const { timezone, unit } = type as Timestamp
      const isUtc = (timezone ?? "") !== ""
      return text((part, at) => Moments.moment(BigInt(numberAt(part, at)), digits[unit]!, isUtc))
    }
    default: {
      const { DataType } = arrow
      const inner = DataType.isDictionary(type) ? type.dictionary : type
      const isText =
        DataType.isUtf8(inner) || DataType.isLargeUtf8(inner) || DataType.isUtf8View(inner)
      if (DataType.isDictionary(type) && !isText) {
        const values = readingOf(arrow, name, type.dictionary)
        return { kind: values.kind, value: (part, at) => inDictionary(part, at, values.value) }
      }
      if (isText) {
        const get = getterOf(arrow)
        const value: Reading["value"] = (part, at) => (get(part, at) as string | null) ?? cutOff()
        return text(inner === type ? value : (part, at) => inDictionary(part, at, value))
      }
      const isNested = (type.children ?? []).length > 0
      throw new Refused(
        isNested
          ? "it is nested, but a table has one value per cell"
          : `it is ${(type as { readonly toString: () => string }).toString().slice(0, 40)}, which is not supported`,
        isNested
          ? 'flatten it first, such as with df.explode or df["a"].apply(pandas.Series), or omit it'
          : "omit it from the file",
        name,
      )
    }
  }
}

const isNull = ({ length, nullBitmap, nullCount, offset }: Data, at: number): boolean => {
  if (nullCount === 0 || nullBitmap.length === 0) return false
  if (nullBitmap.length * 8 < offset + length) cutOff()
  const bit = offset + at
  return ((nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 0
}

/** Value of a dictionary key. */
const inDictionary = (part: Data, at: number, value: Reading["value"]): Value => {
  let key = Number(numberAt(part, at))
  for (const words of part.dictionary?.data ?? []) {
    if (key < words.length)
      return key < 0 ? cutOff() : isNull(words, key) ? null : value(words, key)
    key -= words.length
  }
  return cutOff()
}

const columnOf = (
  { kind, value }: Reading,
  name: string,
  rows: number,
  parts: ReadonlyArray<Data>,
): Column => {
  // rows are asked for in their order, and from the first again
  let [part, begin] = [0, 0]
  const cells = cellsOf(rows, (row) => {
    if (row < begin) [part, begin] = [0, 0]
    while (row >= begin + (parts[part]?.length ?? cutOff())) begin += parts[part++]!.length
    const own = parts[part]!
    return isNull(own, row - begin) ? null : value(own, row - begin)
  })
  return { name, kind, cells }
}

/** Codecs with the unpacked size. The library does not pass it on; it is stored before the data. */
const install = async ({ compressionRegistry, CompressionType }: Library): Promise<void> => {
  const lengthBefore = (data: Uint8Array): number => {
    const view = new DataView(data.buffer, data.byteOffset - 8, 8)
    return Number(view.getBigInt64(0, true))
  }
  compressionRegistry.set(CompressionType.LZ4_FRAME, {
    decode: (data) => Codecs.unpackLz4(data, lengthBefore(data)),
  })
  const { decompressZstd } = await import("hyparquet-compressors")
  compressionRegistry.set(CompressionType.ZSTD, {
    decode: (data) => Codecs.unpackZstd(data, lengthBefore(data), decompressZstd),
  })
}

/** The columns of a file or a stream. Throws Refused, and the errors of the library on a broken file. */
export const read = async (bytes: Uint8Array): Promise<Columns> => {
  const arrow = await import("apache-arrow")
  await install(arrow)
  const { batches, numRows: rows, schema } = arrow.tableFromIPC(streamIn(arrow, bytes))
  const { fields, metadata } = schema
  if (fields.length === 0) {
    throw new Refused("it has no columns", "give a file with at least one")
  }
  requireSize(rows, fields.length)
  const { found, unread } = sorted([...fields.entries()], ([k, { name, type }]) => ({
    k,
    name,
    reading: readingOf(arrow, name, type),
  }))
  const columns = found.map(({ k, name, reading }) =>
    columnOf(
      reading,
      name,
      rows,
      batches.map(({ data }) => data.children[k] ?? cutOff()),
    ),
  )
  return { rows, columns: withIndexFirst(columns, metadata.get("pandas")), unread }
}
