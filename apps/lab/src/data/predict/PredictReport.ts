/** Predictions of a network on new rows. */
import type { WrittenColumn } from "@nonconvex/datasets/TableFile"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { SavedNetwork } from "../../networks/SavedNetwork.ts"
import type { Answers, Prediction } from "./Answers.ts"
import type { NewRows } from "./NewRows.ts"

const Known = Schema.Struct({
  rows: Schema.Int,
  /** Share of correct classes; absent for a regression. */
  accuracy: Schema.optionalKey(Schema.Number),
  /** In the unit of the target; absent for classes. */
  rootMeanSquare: Schema.optionalKey(Schema.Number),
})

/** JSON of `predict`. */
export const PredictReport = Schema.Struct({
  network: Schema.String,
  data: Schema.String,
  rows: Schema.Int,
  /** The line of the file on which each row starts, or its number in a shipped set. */
  lines: Schema.Array(Schema.Int),
  /** Classes by name, or values in the unit of the target; an array where the network has several per row. */
  predictions: Schema.Array(
    Schema.Union([Schema.String, Schema.Number, Schema.Array(Schema.Number)]),
  ),
  /** Absent for a regression. */
  classes: Schema.Array(Schema.String),
  /** One row per input row, one number per class; with --probabilities. */
  probabilities: Schema.optionalKey(Schema.Array(Schema.Array(Schema.Number))),
  /** Errors on the rows with a known target. */
  known: Schema.optionalKey(Known),
  /** Networks of a folder, if there are several; the last predicts. */
  checkpoints: Schema.optionalKey(
    Schema.Array(Schema.Struct({ name: Schema.String, known: Schema.optionalKey(Known) })),
  ),
  /** Interpretation of a network of another program, and of its data. */
  read: Schema.optionalKey(
    Schema.Struct({ format: Schema.String, notes: Schema.Array(Schema.String) }),
  ),
  /** Words that the training rows did not have: none of the categories. */
  unknown: Schema.Array(
    Schema.Struct({ column: Schema.String, word: Schema.String, rows: Schema.Int }),
  ),
  /** Missing cells that were filled in. */
  filled: Schema.Array(Schema.Struct({ column: Schema.String, rows: Schema.Int })),
  /**
   * Rows with a feature more than 10 training standard deviations from its mean, and those features; absent if there are
   * none.
   */
  far: Schema.optionalKey(
    Schema.Struct({
      rows: Schema.Int,
      features: Schema.Array(Schema.Struct({ feature: Schema.String, rows: Schema.Int })),
    }),
  ),
  kernels: KernelsName,
})
export type PredictReport = typeof PredictReport.Type

/** Compares predictions with the known targets. */
export const knownOf = (
  target: NewRows["target"],
  predictions: ReadonlyArray<Prediction>,
): PredictReport["known"] => {
  let [rows, right, squares, numbers] = [0, 0, 0, 0]
  for (const [i, known] of (target ?? []).entries()) {
    if (known === undefined) continue
    const prediction = predictions[i]!
    if (typeof prediction === "string") right += prediction === known ? 1 : 0
    else {
      const values = typeof known === "string" ? [Number(known)] : known
      if (!values.every(Number.isFinite)) continue
      const found = typeof prediction === "number" ? [prediction] : prediction
      for (const [k, value] of values.entries()) squares += Elementary.square(found[k]! - value)
      numbers += values.length
    }
    rows++
  }
  if (rows === 0) return undefined
  return numbers > 0
    ? { rows, rootMeanSquare: Math.sqrt(squares / numbers) }
    : { rows, accuracy: right / rows }
}

/** Report of the answers of a network for rows. */
export const reportOf = (
  network: string,
  rows: NewRows,
  { classes, predictions, probabilities }: Answers,
  options: Pick<PredictReport, "checkpoints" | "kernels" | "read"> & {
    readonly withProbabilities: boolean
  },
): PredictReport => {
  const { withProbabilities, ...rest } = options
  const known = knownOf(rows.target, predictions)
  return {
    network,
    data: rows.name,
    rows: rows.count,
    lines: rows.lines,
    predictions,
    classes,
    ...(withProbabilities && probabilities && { probabilities }),
    ...(known && { known }),
    unknown: [...rows.unknowns.words].flatMap(([column, words]) =>
      [...words].map(([word, count]) => ({ column, word, rows: count })),
    ),
    filled: [...rows.unknowns.filled].map(([column, count]) => ({ column, rows: count })),
    ...(rows.far.rows > 0 && {
      far: {
        rows: rows.far.rows,
        features: [...rows.far.features].map(([feature, count]) => ({ feature, rows: count })),
      },
    }),
    ...rest,
  }
}

/** Maximum number of rows and of words in the printed report. */
const mostShown = 20

const short = (items: ReadonlyArray<string>): string =>
  items.length <= mostShown
    ? items.join(", ")
    : `${items.slice(0, mostShown).join(", ")} and ${items.length - mostShown} more`

const qualityOf = ({ accuracy, rootMeanSquare }: typeof Known.Type): string =>
  accuracy === undefined
    ? `root mean squared error ${Table.margin(rootMeanSquare!)}`
    : `${(100 * accuracy).toFixed(1)} % right`

const knownLine = ({ known }: PredictReport): ReadonlyArray<string> =>
  known === undefined
    ? []
    : [`known      ${qualityOf(known)}, of ${Table.plural(known.rows, "row")} with a target`]

const readLines = ({ read }: PredictReport): ReadonlyArray<string> =>
  read === undefined
    ? []
    : [`read       ${read.format}`, ...read.notes.map((note) => `           ${note}`)]

const checkpointLines = ({ checkpoints = [] }: PredictReport): ReadonlyArray<string> =>
  checkpoints.length === 0
    ? []
    : [
        `folder     ${Table.plural(checkpoints.length, "network")}; the predictions are those of the last`,
        ...checkpoints.flatMap(({ known, name }) =>
          known === undefined ? [] : [`           ${name}: ${qualityOf(known)}`],
        ),
      ]

const farLine = ({ far }: PredictReport): ReadonlyArray<string> =>
  far === undefined
    ? []
    : [
        `far        ${Table.plural(far.rows, "row")} more than 10 standard deviations from the training mean (${short(far.features.map(({ feature, rows }) => `${feature} in ${Table.plural(rows, "row")}`))}): do not rely on these predictions`,
      ]

const cellsOf = ({ classes, lines, predictions, probabilities }: PredictReport) => {
  const some = predictions.slice(0, mostShown)
  const number = Table.numbersOf(some.flat().filter((prediction) => typeof prediction === "number"))
  return {
    header: ["LINE", "PREDICTION", ...(probabilities === undefined ? [] : classes)],
    rows: some.map((prediction, i) => [
      String(lines[i]),
      typeof prediction === "string" ? prediction : [prediction].flat().map(number).join("  "),
      ...(probabilities === undefined ? [] : probabilities[i]!.map((p) => p.toFixed(4))),
    ]),
  }
}

export const render = (
  report: PredictReport,
  made: SavedNetwork["made"],
  saved: string | undefined,
): string => {
  const { header, rows } = cellsOf(report)
  const by =
    made === undefined
      ? report.network
      : `${report.network} (${made.method}, on ${Table.plural(made.trainRows, "row")}, seed ${made.seed}, nonconvex ${made.version})`
  const rest = report.rows - rows.length
  const where = saved === undefined ? "for all predictions use --save FILE or --json" : saved
  return [
    `${report.data}: ${Table.plural(report.rows, "row")}, by ${by}`,
    ...(report.filled.length === 0
      ? []
      : [
          `filled     ${short(report.filled.map(({ column, rows: count }) => `${column}: ${count} missing`))}, as in training`,
        ]),
    ...(report.unknown.length === 0
      ? []
      : [
          `unknown    ${short(report.unknown.map(({ column, rows: count, word }) => `${column}=${word} in ${Table.plural(count, "row")}`))}: not seen in training, so read as no category, or as the middle of an order`,
        ]),
    ...farLine(report),
    ...readLines(report),
    ...checkpointLines(report),
    ...knownLine(report),
    "",
    Table.render(header, rows),
    ...(rest > 0 ? [`and ${Table.plural(rest, "row")} more: ${where}`] : []),
  ].join("\n")
}

/** Name of the column of predictions. */
const predicted = "prediction"

/** The predictions in a row for each of the data, copied columns first. */
export const table = (
  { classes, predictions, probabilities }: PredictReport,
  copied: NewRows["copied"],
): ReadonlyArray<WrittenColumn> => {
  const [first] = predictions
  const width = Array.isArray(first) ? first.length : 1
  const columnOf = (k: number) =>
    Float64Array.from(predictions, (prediction) => Number([prediction].flat()[k]))
  const answers =
    classes.length > 0
      ? [{ name: predicted, values: predictions.map(String) }]
      : Array.from({ length: width }, (_, k) => ({
          name: width === 1 ? predicted : `${predicted} ${k + 1}`,
          values: columnOf(k),
        }))
  return [
    ...copied,
    ...answers,
    ...(probabilities === undefined ? [] : classes).map((name, c) => ({
      name: `probability of ${name}`,
      values: Float64Array.from(probabilities!, (row) => row[c]!),
    })),
  ]
}
