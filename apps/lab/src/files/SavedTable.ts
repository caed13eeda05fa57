/** Tables of numbers under names, written as the file that was read: as text row by row, or as a file of typed columns. */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import type { Format } from "@nonconvex/datasets/Spelling"
import * as TableFile from "@nonconvex/datasets/TableFile"
import { Effect, Schema, Stream } from "effect"
import type { Unwritable } from "../cli/Failure.ts"
import type { StagedFile } from "./Folder.ts"

/** A table that a file of typed columns cannot have at once. */
export class TooLargeToSave extends Schema.TaggedError<TooLargeToSave>()("TooLargeToSave", {
  path: Schema.String,
  rows: Schema.Int,
  columns: Schema.Int,
  most: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: ${this.rows} x ${this.columns} entries are more than the ${this.most} that a file of this format is made of at once; a name that ends with .csv is written row by row`
  }
}

/** Half a gigabyte of numbers. */
const most = 2 ** 26

export interface Named {
  readonly columnNames: ReadonlyArray<string>
  readonly rowNames: ReadonlyArray<string>
  /** Whether the rows had names: what else they are called is of no use in a file of typed columns. */
  readonly read: { readonly rowNames: boolean }
}

/** Of a table that are written together as text: each row may have thousands of cells. */
const linesAtOnce = 8

const quoted = (name: string): string =>
  /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name

/** The lines of a CSV file. */
function* csv({ columnNames, rowNames }: Named, rows: Iterable<Float64Array>) {
  yield `${["", ...columnNames].map(quoted).join(",")}\n`
  let row = 0
  for (const values of rows) yield `${quoted(rowNames[row++]!)},${values.join(",")}\n`
}

/** The format of a file: as its name ends, or else as what was read; undefined where that is text. */
const formatOf = (path: string, read: Format | undefined): Format | undefined =>
  TableFile.formatOf(path) ?? (/\.(csv|tsv|txt|dat)$/i.test(path) ? undefined : read)

/** Writes the rows, in the format that `path` or else `read` has. Fails with TooLargeToSave, and with BackendUnavailable of a format whose package is missing. */
export const write = Effect.fnUntraced(function* (
  staged: StagedFile,
  { path, read }: { readonly path: string; readonly read: Format | undefined },
  named: Named,
  rows: Iterable<Float64Array>,
): Effect.fn.Return<void, BackendUnavailable | TooLargeToSave | Unwritable> {
  const format = formatOf(path, read)
  if (format === undefined) {
    return yield* staged.write(Stream.fromIterable(csv(named, rows), { chunkSize: linesAtOnce }))
  }
  const {
    columnNames,
    read: { rowNames: hasRowNames },
    rowNames,
  } = named
  const [count, width] = [rowNames.length, columnNames.length]
  if (count * width > most) {
    return yield* new TooLargeToSave({ path, rows: count, columns: width, most })
  }
  const columns = columnNames.map((name) => ({ name, values: new Float64Array(count) }))
  let row = 0
  for (const values of rows) {
    columns.forEach((column, j) => (column.values[row] = values[j]!))
    row++
  }
  yield* staged.write(
    yield* TableFile.encode(format, { columns, ...(hasRowNames && { rowNames }) }),
  )
})
