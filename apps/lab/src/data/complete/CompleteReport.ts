/** What `complete` found. */
import type { CompletedTable } from "@nonconvex/matrix-factorization"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import { type NamedTable, Reading } from "./CompleteInput.ts"

/** What `complete --json` prints. */
export const CompleteReport = Schema.Struct({
  /** How the file was read. */
  read: Reading,
  rowNames: Schema.Array(Schema.String),
  columnNames: Schema.Array(Schema.String),
  observed: Schema.Int,
  /** Row by row: observed values as they were, holes filled. */
  filled: Schema.Array(Schema.Array(Schema.Number)),
  /** Of the fit, beside the means of the columns. */
  rank: Schema.Int,
  singularValues: Schema.Array(Schema.Number),
  model: Schema.Struct({
    /** Whether rows and columns count by their observations. */
    weighted: Schema.Boolean,
    centred: Schema.Boolean,
    /** Part of the penalty that leaves nothing; 0 interpolates. */
    penalty: Schema.Number,
  }),
  certificate: Schema.Struct({
    status: Schema.Literals(["certified", "budget"]),
    /** Duality gap over the objective. */
    relativeGap: Schema.Number,
  }),
  heldOut: Schema.Struct({
    error: Schema.Number,
    standardError: Schema.Number,
    baseline: Schema.Number,
    folds: Schema.Int,
    candidates: Schema.Int,
  }),
  next: Schema.String,
  kernels: KernelsName,
})
export type CompleteReport = typeof CompleteReport.Type

const nextStep = ({ fit, validation }: CompletedTable): string => {
  if (fit.status === "budget") {
    return "the fit did not reach its tolerance: its gap says how far from optimal it can be"
  }
  if (validation.error > 0.95 * validation.baseline) {
    return "the table has hardly any structure of low rank: the means of the columns predict as well"
  }
  return "held-out errors are of the best of several models, and a little too good; hide some entries of your own to be sure"
}

export const make = (
  { columnNames, read, rowNames, table }: NamedTable,
  completed: CompletedTable,
  kernels: CompleteReport["kernels"],
): CompleteReport => {
  const { fit, validation } = completed
  const filled = fit.filled.slice()
  table.entries.forEach(([row, column], i) => {
    filled[row * table.columns + column] = table.values[i]!
  })
  const { model: _, ...heldOut } = validation
  return {
    read,
    rowNames,
    columnNames,
    observed: table.entries.length,
    filled: rowNames.map((_name, row) =>
      Array.from(filled.subarray(row * table.columns, (row + 1) * table.columns)),
    ),
    rank: fit.rank,
    singularValues: Array.from(fit.singularValues.subarray(0, fit.rank)),
    model: fit.model,
    certificate: { status: fit.status, relativeGap: fit.relativeGap },
    heldOut,
    next: nextStep(completed),
    kernels,
  }
}

const quoted = (name: string): string =>
  /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name

/** The filled table as a CSV file with names. */
export const csv = ({ columnNames, filled, rowNames }: CompleteReport): string =>
  [
    ["", ...columnNames].map(quoted).join(","),
    ...filled.map((values, row) => [quoted(rowNames[row]!), ...values].join(",")),
    "",
  ].join("\n")

/** Tables up to this size are shown. */
const shown = { rows: 20, columns: 12 }

const describe = ({ centred, penalty, weighted }: CompleteReport["model"]): string =>
  [
    weighted ? "trace norm weighted by observations" : "trace norm",
    centred ? "beside the means of the columns" : "without means",
    penalty === 0 ? "interpolating" : `penalty ${Table.margin(penalty)} of the largest`,
  ].join(", ")

/** How the file was read, and the flags that read it otherwise. */
const reading = ({ form, header, rowNames }: Reading): string => {
  const not = (has: boolean, flag: string) => (has ? `--no-${flag}` : `--${flag}`)
  const first = `${header ? "with" : "without"} a header`
  return form === "triplets"
    ? `as triplets ${first}; otherwise say ${not(header, "header")}, --no-triplets`
    : `as a matrix ${first}, ${rowNames ? "with" : "without"} row names; otherwise say ${not(header, "header")}, ${not(rowNames, "row-names")}`
}

export const render = (report: CompleteReport): string => {
  const { certificate, columnNames, filled, heldOut, model, observed, rank, rowNames } = report
  const [rows, columns] = [rowNames.length, columnNames.length]
  const small = rows <= shown.rows && columns <= shown.columns
  return [
    `${rows} x ${columns}, ${Table.plural(observed, "observation")}, ${Table.plural(rows * columns - observed, "hole")} filled`,
    `read         ${reading(report.read)}`,
    `model        ${describe(model)}`,
    `rank         ${rank}${rank === 0 ? ": holes are filled with the means of the columns alone" : ""}`,
    `certificate  ${certificate.status}: within a part of ${Table.margin(Math.max(0, certificate.relativeGap))} of the optimum of its problem`,
    `held out     ${Table.margin(heldOut.error)} ± ${Table.margin(heldOut.standardError)} root mean square error in ${heldOut.folds} folds, best of ${heldOut.candidates} models; means of the columns ${Table.margin(heldOut.baseline)}`,
    `next         ${report.next}`,
    "",
    small
      ? Table.render(
          ["", ...columnNames],
          filled.map((values, row) => [rowNames[row]!, ...values.map(Table.number)]),
        )
      : "the filled table is large: write it with --save filled.csv, or print it with --json",
  ].join("\n")
}
