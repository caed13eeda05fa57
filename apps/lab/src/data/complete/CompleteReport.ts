/** Report of `complete`. */
import { type Entries, Reading } from "@nonconvex/datasets/Entries"
import { formats } from "@nonconvex/datasets/Spelling"
import { areCounts, type completeTable, type Model, predict } from "@nonconvex/matrix-factorization"
import { CompletionModel } from "@nonconvex/matrix-factorization/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { Input } from "./CompleteFlags.ts"
import { rowsOf } from "./Filled.ts"

const Error = {
  /** Root mean square error on held-out entries, and its standard error. */
  error: Schema.Number,
  standardError: Schema.Number,
}

/** JSON of `complete`. */
export const CompleteReport = Schema.Struct({
  /** Interpretation of the file. */
  read: Reading,
  rowNames: Schema.Array(Schema.String),
  columnNames: Schema.Array(Schema.String),
  observed: Schema.Int,
  /** Number of observations in each row and each column. */
  observations: Schema.Struct({
    rows: Schema.Array(Schema.Int),
    columns: Schema.Array(Schema.Int),
  }),
  /** Row by row: observed values unchanged, missing values filled. Absent above 100,000 entries, which `--save` writes. */
  filled: Schema.optionalKey(Schema.Array(Schema.Array(Schema.Number))),
  /** Predictions for the listed pairs that have no value. */
  asked: Schema.Array(
    Schema.Struct({ row: Schema.String, column: Schema.String, value: Schema.Number }),
  ),
  /** Chosen model. */
  model: CompletionModel,
  /** Mean of all observations, to which the effects are added. */
  mean: Schema.Number,
  /** Rank of the low-rank part, in addition to mean and effects. */
  rank: Schema.Int,
  singularValues: Schema.Array(Schema.Number),
  traceNorm: Schema.Number,
  /** Predictions stay between the least and the largest value of a table that has few different ones. */
  bounds: Schema.optionalKey(Schema.Tuple([Schema.Number, Schema.Number])),
  certificate: Schema.Struct({
    status: Schema.Literals(["certified", "limited", "budget"]),
    /** Duality gap over the objective. */
    relativeGap: Schema.Number,
  }),
  heldOut: Schema.Struct({
    ...Error,
    /** The mean, the means of the columns, the effects, and the best of low rank, on the same entries. */
    compared: Schema.Array(Schema.Struct({ model: CompletionModel, ...Error })),
    /** Number of folds that were held out before the choice was clear, and number of all folds. */
    folds: Schema.Int,
    of: Schema.Int,
    candidates: Schema.Int,
    /** True if `--time` ended the search. */
    ended: Schema.Boolean,
  }),
  /** True if the values look like counts, for which `--implicit` makes lists, and nothing says that they are none. */
  perhapsCounts: Schema.Boolean,
  next: Schema.String,
  kernels: KernelsName,
})
export type CompleteReport = typeof CompleteReport.Type

/** Tables up to this size are printed as JSON. */
export const printed = 100_000

export interface Completed extends ReturnType<typeof completeTable> {
  readonly folds: number
  /** True if the time ran out before the search ended. */
  readonly ended: boolean
}

const nextStep = (
  { asked, table: { columns, rows } }: Entries,
  { ended, fit, validation }: Completed,
): string => {
  if (fit.status === "budget") {
    return "the fit stopped before its tolerance: hold out some entries to check the test error"
  }
  if (ended) return "the time limit ended the search: a longer --time may find a better model"
  if (validation.model.kind === "mean") {
    return "rows and columns do not predict the missing values better than the overall mean"
  }
  if (rows * columns > printed && asked.rowOf.length === 0) {
    return "the filled table is large: --save filled.csv writes it, row by row; add lines without a value to ask for single entries"
  }
  return "the held-out error is slightly optimistic, since the best of several models was chosen; hold out some more entries to check it"
}

const countsOf = (places: Uint32Array, count: number): ReadonlyArray<number> => {
  const counts = new Uint32Array(count)
  for (const place of places) counts[place]!++
  return Array.from(counts)
}

export const make = (
  named: Entries,
  completed: Completed,
  { implicit, kernels }: Pick<Input, "implicit" | "kernels">,
): CompleteReport => {
  const { asked, columnNames, read, rowNames, table } = named
  const { ended, fit, folds, validation } = completed
  const { model, ...judged } = validation
  return {
    read,
    rowNames,
    columnNames,
    observed: table.values.length,
    observations: {
      rows: countsOf(table.rowOf, table.rows),
      columns: countsOf(table.columnOf, table.columns),
    },
    ...(table.rows * table.columns <= printed && {
      filled: Array.from(rowsOf(table, fit), (values) => Array.from(values)),
    }),
    asked: Array.from(asked.rowOf, (row, i) => ({
      row: rowNames[row]!,
      column: columnNames[asked.columnOf[i]!]!,
      value: predict(fit, row, asked.columnOf[i]!),
    })),
    model,
    mean: fit.mean,
    rank: fit.rank,
    singularValues: Array.from(fit.singularValues),
    traceNorm: fit.traceNorm,
    ...(fit.bounds !== undefined && { bounds: fit.bounds }),
    certificate: { status: fit.status, relativeGap: fit.relativeGap },
    heldOut: { ...judged, of: folds, ended },
    perhapsCounts: implicit === undefined && read.form === "triplets" && areCounts(table.values),
    next: nextStep(named, completed),
    kernels,
  }
}

/** Tables up to this size are shown. */
export const shown = { rows: 20, columns: 12 }

const nameOf = ({ kind, rank }: Model): string => {
  switch (kind) {
    case "mean":
      return "mean of all"
    case "column means":
      return "means of columns"
    case "effects":
      return "effects"
    case "low rank":
      return `effects, rank ${rank}`
  }
}

const weighings = {
  0: "",
  0.5: ", weighted slightly more in rows and columns with more observations",
  1: ", weighted more in rows and columns with more observations",
} as const

export const describe = ({ kind, rank, ridge, weighting }: Model): string => {
  const [row, column] = ridge.map(Table.margin)
  const effects = `effects of rows and columns, shrunk as if each row had ${row} and each column ${column} extra entries at the mean`
  switch (kind) {
    case "mean":
      return "the mean of all observations"
    case "column means":
      return "the means of the columns"
    case "effects":
      return effects
    case "low rank":
      return `${effects}; plus at most ${Table.plural(rank, "pattern")} with a penalty${weighings[weighting]}`
  }
}

/** Describes the interpretation of the file, and the flags that change it. */
export const reading = ({ columns, form, format, header, rowNames }: Reading): string => {
  const not = (has: boolean, flag: string) => (has ? `--no-${flag}` : `--${flag}`)
  const first =
    format === undefined ? `${header ? "with" : "without"} a header` : `in ${formats[format]}`
  const headerFlag = format === undefined ? `${not(header, "header")}, ` : ""
  return form === "triplets"
    ? `as triplets ${first}, row, column and value in columns ${columns!.join(", ")}; to change this, use ${headerFlag}--columns, --no-triplets`
    : `as a matrix ${first}, ${rowNames ? "with" : "without"} row names; to change this, use ${headerFlag}${not(rowNames, "row-names")}`
}

/** Distance of the fit from the optimum for its penalty, which is a proof only if the rank is free. */
const certified = ({ relativeGap, status }: CompleteReport["certificate"], rank: number) => {
  const gap = Math.max(0, relativeGap)
  const percent = `${Table.margin(100 * gap)} %`
  switch (status) {
    case "certified":
      return [`certified: within a relative ${Table.margin(gap)} of the optimum of its problem`]
    case "limited":
      return [
        `limited: to ${Table.plural(rank, "pattern")}; more patterns could lower the objective on the observed entries by at most ${percent}`,
        "this is normal: the held-out error shows how well missing values are predicted",
      ]
    case "budget":
      return [
        `budget: the fit ended early; its objective on the observed entries could be lower by at most ${percent}`,
        "the held-out error shows how well missing values are predicted",
      ]
  }
}

/** Describes rows or columns with few observations, and the source of their predictions. */
const littleKnown = (
  kind: "row" | "column",
  names: ReadonlyArray<string>,
  counts: ReadonlyArray<number>,
  { kind: model, ridge }: Model,
): ReadonlyArray<string> => {
  const none = names.filter((_, k) => counts[k] === 0)
  const few = counts.filter((count) => count === 1 || count === 2).length
  const other = kind === "row" ? "columns" : "rows"
  const one = 1 / (1 + ridge[kind === "row" ? 0 : 1])
  const own = kind === "column" && model === "column means"
  return [
    ...(none.length === 0
      ? []
      : [
          `no observations of ${Table.plural(none.length, kind)} (${none.slice(0, 5).join(", ")}${none.length > 5 ? ", ..." : ""}): ${model === "mean" || own ? "the mean" : `the effects of the ${other}`}`,
        ]),
    ...(few === 0 || model === "mean" || model === "column means"
      ? []
      : [
          `one or two observations of ${Table.plural(few, kind)}: a single one has a weight of ${Math.round(100 * one)} %`,
        ]),
  ]
}

export const lined = (label: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line, k) => `${(k === 0 ? label : "").padEnd(13)}${line}`)

/** Compares the models on the same entries. */
const comparison = ({ heldOut, model }: CompleteReport): ReadonlyArray<string> => {
  const { candidates, compared, folds, of } = heldOut
  const isChosen = (other: Model) => other.kind === model.kind && other.rank === model.rank
  const width = Math.max(...compared.map((each) => nameOf(each.model).length))
  return [
    `root mean square error on ${folds} of ${of} folds, for ${candidates} models:`,
    ...compared.map(
      (each) =>
        `${isChosen(each.model) ? ">" : " "} ${nameOf(each.model).padEnd(width)}  ${Table.number(Number(each.error.toPrecision(4)))} ± ${Table.margin(each.standardError)}`,
    ),
  ]
}

export const render = (report: CompleteReport): string => {
  const { asked, bounds, columnNames, filled, model, observations, observed, rank, rowNames } =
    report
  const [rows, columns] = [rowNames.length, columnNames.length]
  const known = [
    ...littleKnown("row", rowNames, observations.rows, model),
    ...littleKnown("column", columnNames, observations.columns, model),
  ]
  const within = bounds === undefined ? "" : `, kept between ${bounds.join(" and ")}`
  const values = report.singularValues.slice(0, 6).map(Table.margin).join(", ")
  const small = rows <= shown.rows && columns <= shown.columns
  const askedNumber = Table.numbersOf(asked.slice(0, shown.rows).map(({ value }) => value))
  const numbers = columnNames.map((_, j) =>
    Table.numbersOf(small ? (filled ?? []).map((row) => row[j]!) : []),
  )
  return [
    `${rows} x ${columns}, ${Table.plural(observed, "observation")}, ${Table.plural(rows * columns - observed, "hole")} filled`,
    ...lined("read", [reading(report.read)]),
    ...lined("chosen", [
      `${describe(model)}${within}`,
      "the simplest within one standard error of the best",
    ]),
    ...lined("held out", comparison(report)),
    ...lined("rank", [
      rank === 0
        ? "0: no patterns beyond the chosen model"
        : `${rank}, singular values ${values}${rank > 6 ? ", ..." : ""}`,
    ]),
    ...(rank === 0 ? [] : lined("trace norm", [Table.number(report.traceNorm)])),
    ...lined("certificate", certified(report.certificate, rank)),
    ...lined("little known", known),
    ...(report.perhapsCounts
      ? lined("warning", [
          "the values look like counts. If a missing pair means that nothing happened so far, --implicit lists the best columns of each row; if they are measurements or ratings, --no-implicit",
        ])
      : []),
    ...lined("next", [report.next]),
    ...(asked.length === 0
      ? []
      : [
          "",
          Table.render(
            ["row", "column", "predicted"],
            asked
              .slice(0, shown.rows)
              .map(({ column, row, value }) => [row, column, askedNumber(value)]),
          ),
          ...(asked.length > shown.rows
            ? [`and ${asked.length - shown.rows} more: --json lists all`]
            : []),
        ]),
    ...(small && filled !== undefined
      ? [
          "",
          Table.render(
            ["", ...columnNames],
            filled.map((row, k) => [rowNames[k]!, ...row.map((value, j) => numbers[j]!(value))]),
          ),
        ]
      : []),
  ].join("\n")
}
