/** Tables in the format of the file name, otherwise of the input: as rows of text, or as typed columns. */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { quote } from "@nonconvex/datasets/Quote"
import type { Verbatim } from "@nonconvex/datasets/Frame"
import type { Format } from "@nonconvex/datasets/Spelling"
import * as TableFile from "@nonconvex/datasets/TableFile"
import * as Csv from "@nonconvex/evidence/Csv"
import { Effect, type FileSystem, type Path, Schema, Stream } from "effect"
import type { Unwritable } from "../cli/Failure.ts"
import * as Folder from "./Folder.ts"

/** A table that a file of typed columns cannot have at once. */
export class TooLargeToSave extends Schema.TaggedError<TooLargeToSave>()("TooLargeToSave", {
  path: Schema.String,
  rows: Schema.Int,
  columns: Schema.Int,
  most: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: ${this.rows} x ${this.columns} entries exceed the limit of ${this.most} of this format; use a name that ends with .csv`
  }
}

/** A table that a file of this name cannot hold. */
export class UnfitName extends Schema.TaggedError<UnfitName>()("UnfitName", {
  path: Schema.String,
  reason: Schema.String,
  next: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}; ${this.next}`
  }
}

/** Half a gigabyte of numbers. */
const most = 2 ** 26

/** Number of rows written together as text, since a row may have thousands of cells. */
const linesAtOnce = 8

/** Destination of a table. */
interface Destination {
  readonly path: string
  readonly staged: Folder.StagedFile
}

/** Fails with UnfitName for texts in a format that holds only numbers. */
export const requireTexts = Effect.fnUntraced(function* (
  path: string,
  texts: boolean,
): Effect.fn.Return<void, UnfitName> {
  const format = TableFile.formatOf(path)
  if (!texts || format === undefined || TableFile.hasTexts(format)) return
  const reason = "a numeric array cannot hold names and words"
  return yield* new UnfitName({
    path,
    reason,
    next: "use an archive, with a name that ends with .npz",
  })
})

/** File name extensions of formats that are not supported. */
const others = /\.(gz|bz2|xz|zst|zip|xlsx?|ods|jsonl?|h5|hdf5|mat|pkl|pickle|orc|avro|db|sqlite)$/i

const written = ".csv, .tsv, .parquet, .arrow, .feather and .npz"

/**
 * Prepares to write a table to `path`, which may have `texts`. Fails with Unwritable as `Folder.stageFile` does, and with
 * UnfitName on the extension of another format.
 */
export const stage = Effect.fn("SavedTable.stage")(function* (
  path: string,
  inputs: ReadonlyArray<string>,
  { texts }: { readonly texts: boolean },
): Effect.fn.Return<Destination, UnfitName | Unwritable, FileSystem.FileSystem | Path.Path> {
  yield* requireTexts(path, texts)
  if (others.test(path)) {
    const reason = "its ending is not a supported table format"
    return yield* new UnfitName({ path, reason, next: `there are ${written}` })
  }
  return { path, staged: yield* Folder.stageFile(path, inputs) }
})

/**
 * Format of a table; undefined for text. If the input was an array of numbers and there are texts, the output is an archive.
 */
const formatOf = (
  path: string,
  { read, texts }: { readonly read: Format | undefined; readonly texts: boolean },
): Format | undefined => {
  const named = TableFile.formatOf(path)
  if (named !== undefined || read === undefined) return named
  if (/\.(csv|tsv|tab|txt|dat)$/i.test(path)) return undefined
  return texts && !TableFile.hasTexts(read) ? "npz" : read
}

/** The lines of a file of text. */
function* linesOf(
  path: string,
  header: ReadonlyArray<string>,
  rows: Iterable<ReadonlyArray<Csv.Cell>>,
): Generator<string> {
  const delimiter = /\.(tsv|tab)$/i.test(path) ? "\t" : ","
  yield Csv.line(header, delimiter)
  for (const cells of rows) yield Csv.line(cells, delimiter)
}

/** Fails with UnfitName if two columns have the same name. */
const requireDistinct = Effect.fnUntraced(function* (
  path: string,
  names: ReadonlyArray<string>,
  next: string,
): Effect.fn.Return<void, UnfitName> {
  const known = new Set<string>()
  const twice = names.find((name) => known.size === known.add(name).size)
  if (twice === undefined) return
  const reason = `two columns would have the name ${quote(twice)}`
  return yield* new UnfitName({ path, reason, next })
})

const text = (lines: Iterable<string>) => Stream.fromIterable(lines, { chunkSize: linesAtOnce })

const isNumbers = ({ values }: TableFile.WrittenColumn): boolean => values instanceof Float64Array

/** Cell of text; empty if there is no value. */
const cellAt = ({ isNull, values }: TableFile.WrittenColumn, row: number): Csv.Cell =>
  isNull?.[row] === 1 ? "" : values[row]!

/** Writes one or more columns. Fails with BackendUnavailable if the package of the format is missing. */
export const write = Effect.fnUntraced(function* (
  { path, staged }: Destination,
  read: Format | undefined,
  columns: ReadonlyArray<TableFile.WrittenColumn>,
): Effect.fn.Return<void, BackendUnavailable | UnfitName | Unwritable> {
  const names = columns.map(({ name }) => name)
  yield* requireDistinct(path, names, "omit one")
  const texts = !columns.every(isNumbers)
  yield* requireTexts(path, texts)
  const format = formatOf(path, { read, texts })
  if (format !== undefined) return yield* staged.write(yield* TableFile.encode(format, { columns }))
  const rows = columns[0]!.values.length
  const cells = function* () {
    for (let row = 0; row < rows; row++) yield columns.map((column) => cellAt(column, row))
  }
  yield* staged.write(text(linesOf(path, names, cells())))
})

/** Number in a cell if its text is the canonical form of that number, unlike 007 or 1.0. */
const exactly = (cell: string): number | undefined =>
  Csv.line([Number(cell)]).trimEnd() === cell ? Number(cell) : undefined

/**
 * A column as read from text. It is numeric if every cell is written as this program writes numbers, so that identifiers
 * keep all characters. Otherwise it is text. An empty cell has no value.
 */
export const columnOf = (name: string, { areTexts, cells }: Verbatim): TableFile.WrittenColumn => {
  const isNull = Uint8Array.from(cells, (cell) => (cell === "" ? 1 : 0))
  const nulls = isNull.includes(1) ? { isNull } : {}
  const numbers = areTexts ? [] : cells.map((cell) => (cell === "" ? Number.NaN : exactly(cell)))
  return !areTexts && numbers.every((number) => number !== undefined)
    ? { name, values: Float64Array.from(numbers), ...nulls }
    : { name, values: cells, ...nulls }
}

interface Named {
  readonly columnNames: ReadonlyArray<string>
  readonly rowNames: ReadonlyArray<string>
  /** Row names are written only if the source had some; `format` is that of the source. */
  readonly read: { readonly rowNames: boolean; readonly format?: Format }
}

/**
 * Tests whether text needs row names: the source has some, or all column names are numbers, which are read as names only next
 * to row names.
 */
export const needsRowNames = ({ columnNames, read }: Named): boolean =>
  read.rowNames || columnNames.every((name) => /^\d+$/.test(name))

/** Writes named rows of numbers, which are generated one after another. Fails as `write` does, and with TooLargeToSave. */
export const writeRows = Effect.fnUntraced(function* (
  { path, staged }: Destination,
  named: Named,
  rows: Iterable<Float64Array>,
): Effect.fn.Return<void, BackendUnavailable | TooLargeToSave | UnfitName | Unwritable> {
  const { columnNames, read, rowNames } = named
  const format = formatOf(path, { read: read.format, texts: false })
  if (format === undefined) {
    const isNamed = needsRowNames(named)
    const cells = function* () {
      let row = 0
      for (const values of rows) yield [...(isNamed ? [rowNames[row++]!] : []), ...values]
    }
    const header = [...(isNamed ? [""] : []), ...columnNames]
    return yield* staged.write(text(linesOf(path, header, cells())))
  }
  const names = [...(format === "npz" && read.rowNames ? ["row"] : []), ...columnNames]
  yield* requireDistinct(path, names, "use a name that ends with .csv")
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
    yield* TableFile.encode(format, { columns, ...(read.rowNames && { rowNames }) }),
  )
})
