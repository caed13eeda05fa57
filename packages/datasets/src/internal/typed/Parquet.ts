/**
 * Apache Parquet, by hyparquet, in a separate thread: a malformed file may keep the library busy forever.
 *
 * Decimals and times are returned as complete texts, and booleans as 0 and 1. Nested columns are skipped, and named.
 */
import type { FileMetaData, ParquetParsers, SchemaElement } from "hyparquet"
import * as Codecs from "./Codecs.ts"
import {
  cellsOf,
  type Column,
  type Columns,
  most,
  Refused,
  requireSize,
  sorted,
  type Value,
  withIndexFirst,
} from "./Columns.ts"
import * as Moments from "./Moments.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const textOf = (bytes: Uint8Array, column: string): string => {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Refused("it holds bytes that are not text", "omit it from the file", column)
  }
}

/** Parsers that leave values unchanged: only `reading` interprets them. */
const untouched: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => count,
  timestampFromMicroseconds: (count) => count,
  timestampFromNanoseconds: (count) => count,
  dateFromDays: (count) => count,
  stringFromBytes: (bytes) => bytes,
  jsonFromBytes: (bytes) => bytes,
}

/** A number of any length, its most significant byte first, in two's complement. */
const signed = (bytes: Uint8Array): bigint => {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return BigInt.asIntN(8 * bytes.length, value)
}

const digitsOf = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const

/** Reader of the values of a column, as the library returns them. */
interface Reading {
  readonly kind: Column["kind"]
  readonly value: (raw: unknown) => Value
}

/** Reader of values that are present. */
const ofText = (value: (raw: never) => string): Reading => ({
  kind: "text",
  value: (raw) => value(raw as never),
})

const big = (raw: number | bigint): bigint => BigInt(raw)

const unreadTypes = new Set(["BSON", "INTERVAL", "GEOMETRY", "GEOGRAPHY", "VARIANT", "FILE"])

/** Reader of a column. Throws Refused, with its name, for an unsupported type. */
const readingOf = (element: SchemaElement): Reading => {
  const { converted_type: converted, logical_type: logical, name, scale, type } = element
  const logicalType = logical?.type
  const refuse = (what: string): never => {
    throw new Refused(`it is ${what}, which is not supported`, "omit it from the file", name)
  }
  for (const kind of [converted, logicalType]) if (unreadTypes.has(kind ?? "")) refuse(kind!)
  if (converted === "DECIMAL" || logicalType === "DECIMAL") {
    const places = (logical?.type === "DECIMAL" ? logical.scale : scale) ?? 0
    // the library would divide in double precision
    delete element.converted_type
    delete element.logical_type
    return {
      kind: "number",
      value: (raw) => {
        const unscaled = raw instanceof Uint8Array ? signed(raw) : big(raw as number | bigint)
        return Moments.decimal(unscaled, places)
      },
    }
  }
  if (logical?.type === "TIMESTAMP") {
    const { isAdjustedToUTC: isUtc, unit } = logical
    return ofText((raw: bigint) => Moments.moment(big(raw), digitsOf[unit], isUtc))
  }
  if (type === "INT96") return ofText((raw: bigint) => Moments.moment(big(raw), 9, false))
  if (converted === "TIMESTAMP_MILLIS") return ofText((raw: bigint) => Moments.moment(raw, 3, true))
  if (converted === "TIMESTAMP_MICROS") return ofText((raw: bigint) => Moments.moment(raw, 6, true))
  if (converted === "DATE" || logicalType === "DATE")
    return ofText((raw: number) => Moments.date(raw))
  if (logical?.type === "TIME") {
    const { unit } = logical
    return ofText((raw: number | bigint) => Moments.time(big(raw), digitsOf[unit]))
  }
  if (logicalType === "UUID") return ofText((raw: string) => raw)
  if (type === "BOOLEAN") return { kind: "number", value: (raw) => Number(raw) }
  if (type === "BYTE_ARRAY") return ofText((raw: Uint8Array) => textOf(raw, name))
  if (type === "FIXED_LEN_BYTE_ARRAY" && logicalType !== "FLOAT16") refuse("bytes")
  return { kind: "number", value: (raw) => raw as number | bigint }
}

/** A column of the schema, and the place of its values among those of the file. */
interface Place {
  readonly element: SchemaElement
  readonly at: number
}

/** Columns of the schema (nested ones have several positions) and the number of positions. */
const placesOf = ([root, ...elements]: FileMetaData["schema"]) => {
  if (elements.length === 0 || root?.num_children === undefined) {
    throw new Refused("it has no columns", "give a file with at least one")
  }
  const places: Array<Place> = []
  let at = 0
  for (let k = 0; k < elements.length;) {
    places.push({ element: elements[k]!, at })
    // what is within it follows it
    for (let left = 1; left > 0 && k < elements.length; k++) {
      const children = elements[k]!.num_children ?? 0
      left += children - 1
      if (children === 0) at++
    }
  }
  return { places, width: at }
}

const isNested = ({ num_children: count, repetition_type: repetition }: SchemaElement): boolean =>
  (count ?? 0) > 0 || repetition === "REPEATED"

/** Reader of a column of the schema. Throws Refused, with its name, for an unsupported type. */
const columnIn = ({ at, element }: Place) => {
  const { name } = element
  if (isNested(element)) {
    throw new Refused(
      "it is nested, but a table has one value per cell",
      'flatten it first, such as with df.explode or df["a"].apply(pandas.Series), or omit it',
      name,
    )
  }
  return { at, name, reading: readingOf(element) }
}

/**
 * Throws Refused if the parts of a file do not fit each other, or unpack to more than the limit. `read` are the places of the
 * columns to read, out of `width`.
 */
const requireParts = (
  { num_rows: rows, row_groups: groups }: FileMetaData,
  width: number,
  read: ReadonlySet<number>,
): void => {
  requireSize(Number(rows), width)
  let [count, bytes] = [0, 0]
  for (const { columns, num_rows: own } of groups) {
    count += Number(own)
    for (const [at, { meta_data: of }] of columns.entries()) {
      if (columns.length === width && !read.has(at)) continue
      bytes += Number(of?.total_uncompressed_size ?? 0)
      if (Number(of?.num_values) !== Number(own) || columns.length !== width) {
        throw new Refused("its columns have different numbers of values", "write the file again")
      }
    }
  }
  if (count !== Number(rows)) {
    throw new Refused(`it claims ${rows} rows, but its parts have ${count}`, "write the file again")
  }
  Codecs.requireBytes(bytes)
}

/** The columns of a file. Throws Refused, and the errors of the library on a broken file. */
export const read = async (buffer: ArrayBuffer): Promise<Columns> => {
  const { parquetMetadata, parquetScan } = await import("hyparquet")
  const { compressors, decompressZstd } = await import("hyparquet-compressors")
  const metadata = parquetMetadata(buffer, { parsers: untouched, geoparquet: false })
  const { places, width } = placesOf(metadata.schema)
  const { found, unread } = sorted(places, columnIn)
  requireParts(metadata, width, new Set(found.map(({ at }) => at)))
  const rows = Number(metadata.num_rows)
  const scan = await parquetScan({
    file: buffer,
    metadata,
    parsers: untouched,
    geoparquet: false,
    utf8: false,
    useOffsetIndex: false,
    compressors: {
      ...Object.fromEntries(
        Object.entries(compressors).map(([name, unpack]) => [
          name,
          (input: Uint8Array, length: number) => {
            Codecs.requireBytes(length)
            return unpack(input, length)
          },
        ]),
      ),
      ZSTD: (input, length) => Codecs.unpackZstd(input, length, decompressZstd),
    },
  })
  const columns: Array<Column> = []
  let left = most.cells
  for (const { name, reading } of found) {
    const values: Array<unknown> = []
    for (const range of scan.ranges) {
      const part = await scan.readColumn({ ...range, column: name })
      left -= part.length
      if (left < 0) requireSize(Infinity, width)
      for (const value of part) values.push(value)
    }
    if (values.length !== rows) {
      throw new Refused(
        `it has ${values.length} values for ${rows} rows`,
        "write the file again",
        name,
      )
    }
    const cells = cellsOf(rows, (row) => {
      const raw = values[row]
      return raw === null || raw === undefined ? null : reading.value(raw)
    })
    columns.push({ name, kind: reading.kind, cells })
  }
  const notes = metadata.key_value_metadata?.find(({ key }) => key === "pandas")?.value
  return { rows, columns: withIndexFirst(columns, notes), unread }
}
