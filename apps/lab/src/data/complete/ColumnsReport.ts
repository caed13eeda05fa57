/** Report of `complete` on a table whose columns are filled one by one. */
import { type Entries, Reading } from "@nonconvex/datasets/Entries"
import { formatOf, type WrittenColumn } from "@nonconvex/datasets/TableFile"
import type { ImputedTable } from "@nonconvex/matrix-factorization"
import { ImputedColumn } from "@nonconvex/matrix-factorization/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import { printed, reading, shown } from "./CompleteReport.ts"

const Cell = Schema.Union([Schema.Number, Schema.String, Schema.Null])

/** JSON of `complete` on columns of different units or with words. */
export const ColumnsReport = Schema.Struct({
  /** Interpretation of the file. */
  read: Reading,
  rowNames: Schema.Array(Schema.String),
  columnNames: Schema.Array(Schema.String),
  observed: Schema.Int,
  /** Row by row: observed values unchanged, missing values filled; null in a key. Absent above 100,000 entries, which `--save` writes. */
  filled: Schema.optionalKey(Schema.Array(Schema.Array(Cell))),
  /** Content of each column, its methods, and its error on held-out cells. */
  columns: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      holes: Schema.Int,
      ...ImputedColumn.fields,
      /** True if it is filled no better than by its mean, or its most frequent category. */
      noBetterThanMean: Schema.Boolean,
    }),
  ),
  heldOut: Schema.Struct({
    /** Mean over the columns of the squared error over that of the mean, for the methods together and for low rank alone. */
    relative: Schema.Struct({ combined: Schema.Number, lowRank: Schema.Number }),
    /** Number of folds that were held out, and number of all folds. */
    folds: Schema.Int,
    of: Schema.Int,
    /** True if `--time` ended it after two folds. */
    ended: Schema.Boolean,
  }),
  kernels: KernelsName,
})
export type ColumnsReport = typeof ColumnsReport.Type

export interface Imputed extends ImputedTable {
  readonly of: number
  readonly ended: boolean
}

const cellOf = (
  { categories, table }: Entries,
  { filled }: ImputedTable,
  row: number,
  column: number,
): number | string | null => {
  const value = filled[row * table.columns + column]!
  if (Number.isNaN(value)) return null
  return categories.get(column)?.[value] ?? value
}

const cellsOf = (named: Entries, imputed: ImputedTable) =>
  Array.from({ length: named.table.rows }, (_, row) =>
    Array.from({ length: named.table.columns }, (_unused, column) =>
      cellOf(named, imputed, row, column),
    ),
  )

/** Columns of the filled table, to be saved; names of rows are a column, without a name in a file of text. */
export const writtenOf = (
  named: Entries,
  imputed: ImputedTable,
  path: string,
): ReadonlyArray<WrittenColumn> => {
  const { categories, columnNames, rowNames, table } = named
  const isText = formatOf(path) === undefined && named.read.format === undefined
  const rows = Array.from({ length: table.rows }, (_, row) => row)
  const filled = columnNames.map((name, column): WrittenColumn => {
    const isNull = Uint8Array.from(rows, (row) =>
      Number(Number.isNaN(imputed.filled[row * table.columns + column]!)),
    )
    const nulls = isNull.includes(1) ? { isNull } : {}
    const at = (row: number) => cellOf(named, imputed, row, column)
    return categories.has(column)
      ? { name, values: rows.map((row) => at(row) as string), ...nulls }
      : { name, values: Float64Array.from(rows, (row) => Number(at(row) ?? Number.NaN)), ...nulls }
  })
  return SavedTable.needsRowNames(named)
    ? [{ name: isText ? "" : "row", values: rowNames }, ...filled]
    : filled
}

export const make = (
  named: Entries,
  imputed: Imputed,
  kernels: ColumnsReport["kernels"],
): ColumnsReport => {
  const { columnNames, read, rowNames, table } = named
  const counts = new Uint32Array(table.columns)
  for (const column of table.columnOf) counts[column]!++
  return {
    read,
    rowNames,
    columnNames,
    observed: table.values.length,
    ...(table.rows * table.columns <= printed && { filled: cellsOf(named, imputed) }),
    columns: imputed.columns.map((column, j) => ({
      name: columnNames[j]!,
      holes: table.rows - counts[j]!,
      ...column,
      noBetterThanMean:
        column.error !== undefined && column.error + column.standardError! >= column.meanError!,
    })),
    heldOut: {
      relative: imputed.relative,
      folds: imputed.folds,
      of: imputed.of,
      ended: imputed.ended,
    },
    kernels,
  }
}

type Column = ColumnsReport["columns"][number]

const percent = (share: number): string => `${Table.margin(100 * share)} %`

/** Methods from the largest weight. */
const methodsOf = ({ by }: Column): string =>
  by
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ method, weight }) =>
      by.length === 1 ? method : `${Math.round(100 * weight)} % ${method}`,
    )
    .join(", ")

const errorOf = ({ error, kind, standardError }: Column): string => {
  if (error === undefined) return ""
  return kind === "category"
    ? `${percent(error)} wrong`
    : `${Table.number(Number(error.toPrecision(4)))} ± ${Table.margin(standardError!)}`
}

const ofMean = ({ kind, meanError }: Column): string => {
  if (meanError === undefined) return ""
  return kind === "category"
    ? `${percent(meanError)} wrong`
    : Table.number(Number(meanError.toPrecision(4)))
}

const listed = (names: ReadonlyArray<string>): string =>
  names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")}, ... (${names.length})`

const lines = (
  label: string,
  columns: ReadonlyArray<Column>,
  says: string,
): ReadonlyArray<string> =>
  columns.length === 0
    ? []
    : [`${label.padEnd(13)}${listed(columns.map(({ name }) => name))}: ${says}`]

/** Columns whose errors are printed; the JSON has all. */
const most = 40

export const render = (report: ColumnsReport): string => {
  const { columnNames, columns, filled, heldOut, observed, rowNames } = report
  const [rows, width] = [rowNames.length, columnNames.length]
  const of = (kind: Column["kind"]) => columns.filter((column) => column.kind === kind)
  const keys = of("key")
  const predicted = columns.filter(({ by }) => by.length > 0)
  const unfilled = [...keys, ...of("empty")].reduce(
    (sum, { holes, name }) =>
      sum +
      (filled === undefined || filled.some((row) => row[columnNames.indexOf(name)] === null)
        ? holes
        : 0),
    0,
  )
  const small = rows <= shown.rows && width <= shown.columns
  const numbers = columnNames.map((_, j) =>
    Table.numbersOf(
      small ? (filled ?? []).flatMap((row) => (typeof row[j] === "number" ? [row[j]] : [])) : [],
    ),
  )
  return [
    `${rows} x ${width}, ${Table.plural(observed, "observation")}, ${Table.plural(rows * width - observed - unfilled, "hole")} filled`,
    `${"read".padEnd(13)}${reading(report.read)}`,
    `${"chosen".padEnd(13)}each column is predicted in its own units from the other columns; held-out cells give the weights of the methods`,
    ...lines("categories", of("category"), "words, filled by the most likely one"),
    ...lines("left out", keys, "numbers or names the rows; not used for predictions"),
    ...lines("constant", of("constant"), "one value"),
    ...lines("empty", of("empty"), "no value, and not filled"),
    `${"held out".padEnd(13)}on ${heldOut.folds} of ${heldOut.of} folds, squared errors are ${percent(heldOut.relative.combined)} of those of the means of columns; low rank alone: ${percent(heldOut.relative.lowRank)}`,
    ...lines(
      "warning",
      columns.filter(({ noBetterThanMean }) => noBetterThanMean),
      "filled no better than by the mean or the most frequent category: do not rely on these values",
    ),
    ...(heldOut.ended
      ? [
          `${"next".padEnd(13)}the time limit ended it after ${heldOut.folds} folds: a longer --time may find better weights`,
        ]
      : []),
    "",
    Table.render(
      ["column", "holes", "error", "of the mean", "filled by"],
      predicted
        .slice(0, most)
        .map((column) => [
          column.name,
          String(column.holes),
          errorOf(column),
          ofMean(column),
          methodsOf(column),
        ]),
    ),
    ...(predicted.length > most ? [`and ${predicted.length - most} more: --json lists all`] : []),
    ...(small && filled !== undefined
      ? [
          "",
          Table.render(
            ["", ...columnNames],
            filled.map((row, k) => [
              rowNames[k]!,
              ...row.map((value, j) =>
                typeof value === "number" ? numbers[j]!(value) : (value ?? ""),
              ),
            ]),
          ),
        ]
      : []),
  ].join("\n")
}
