/**
 * Tables as Apache Parquet, by hyparquet-writer: numbers as doubles bit for bit, texts and booleans, and null for missing
 * values.
 */
import { ByteWriter, parquetWriteRows } from "hyparquet-writer"
import type { Column, Type } from "./FlatTable.ts"
import type { Value } from "./Clause.ts"

const types = { number: "DOUBLE", text: "STRING", boolean: "BOOLEAN" } as const satisfies Record<
  Type,
  string
>

/** Cell of a file: a column of texts stores every value as text. */
const cell = (value: Value | undefined, type: Type): Value | null => {
  if (value === undefined) return null
  return type === "text" ? String(value) : value
}

/**
 * Bytes of a file with these columns. `rows` holds the values of each row in column order; `notes` is the metadata of the
 * file.
 */
export const encode = async (
  columns: ReadonlyArray<Column>,
  rows: AsyncIterable<ReadonlyArray<Value | undefined>>,
  notes: ReadonlyArray<{ readonly key: string; readonly value: string }> = [],
): Promise<Uint8Array> => {
  const writer = new ByteWriter()
  const records = async function* () {
    for await (const values of rows) {
      yield Object.fromEntries(
        columns.map(({ name, type }, at) => [name, cell(values[at], type)] as const),
      )
    }
  }
  await parquetWriteRows({
    writer,
    rows: records(),
    ...(notes.length === 0 ? {} : { kvMetadata: [...notes] }),
    columns: columns.map(({ name, type }) => ({
      name,
      type: types[type],
      // a dictionary takes 0 and -0 for the same
      ...(type === "number" ? { encoding: "PLAIN" as const } : {}),
    })),
  })
  return new Uint8Array(writer.getBuffer())
}
