/** Predictions of a network on new rows. */
import type { WrittenColumn } from "@nonconvex/datasets/TableFile"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { SavedNetwork } from "../../networks/SavedNetwork.ts"
import type { NewRows } from "./NewRows.ts"

/** JSON of `predict`. */
export const PredictReport = Schema.Struct({
  network: Schema.String,
  data: Schema.String,
  rows: Schema.Int,
  /** The line of the file on which each row starts, or its number in a shipped set. */
  lines: Schema.Array(Schema.Int),
  /** Classes by name, or values in the unit of the target. */
  predictions: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
  /** Absent for a regression. */
  classes: Schema.Array(Schema.String),
  /** One row per input row, one number per class; with --probabilities. */
  probabilities: Schema.optionalKey(Schema.Array(Schema.Array(Schema.Number))),
  /** Errors on the rows with a known target. */
  known: Schema.optionalKey(
    Schema.Struct({
      rows: Schema.Int,
      /** Share of correct classes; absent for a regression. */
      accuracy: Schema.optionalKey(Schema.Number),
      /** In the unit of the target; absent for classes. */
      rootMeanSquare: Schema.optionalKey(Schema.Number),
    }),
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

const softmax = (logits: Float64Array): ReadonlyArray<number> => {
  const largest = logits.reduce((most, value) => Math.max(most, value))
  const powers = logits.map((value) => Elementary.exp(value - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return Array.from(powers, (power) => power / sum)
}

const ofClasses = (
  classes: ReadonlyArray<string>,
  outputs: Float64Array,
): Pick<PredictReport, "predictions"> & { readonly probabilities: number[][] } => {
  const probabilities = Array.from({ length: outputs.length / classes.length }, (_, i) => [
    ...softmax(outputs.subarray(i * classes.length, (i + 1) * classes.length)),
  ])
  const likeliest = (row: ReadonlyArray<number>) =>
    row.reduce((best, value, c) => (value > row[best]! ? c : best), 0)
  return { probabilities, predictions: probabilities.map((row) => classes[likeliest(row)]!) }
}

/** Compares predictions with the known targets. */
const knownOf = (target: NewRows["target"], predictions: PredictReport["predictions"]) => {
  let [rows, right, squares, numbers] = [0, 0, 0, 0]
  for (const [i, word] of (target ?? []).entries()) {
    if (word === undefined) continue
    const prediction = predictions[i]!
    if (typeof prediction === "string") right += prediction === word ? 1 : 0
    else if (Number.isFinite(Number(word))) {
      squares += Elementary.square(prediction - Number(word))
      numbers++
    } else continue
    rows++
  }
  if (rows === 0) return undefined
  return numbers > 0
    ? { rows, rootMeanSquare: Math.sqrt(squares / rows) }
    : { rows, accuracy: right / rows }
}

/** Report of the predictions of a network. */
export const reportOf = (
  network: string,
  { target }: SavedNetwork,
  rows: NewRows,
  outputs: Float64Array,
  options: Pick<PredictReport, "kernels"> & { readonly withProbabilities: boolean },
): PredictReport => {
  const classes = target._tag === "Classification" ? target.classes : []
  const { predictions, probabilities } =
    target._tag === "Classification"
      ? ofClasses(classes, outputs)
      : {
          predictions: Array.from(outputs, (output) => target.shift + target.scale * output),
          probabilities: undefined,
        }
  const known = knownOf(rows.target, predictions)
  return {
    network,
    data: rows.name,
    rows: rows.count,
    lines: rows.lines,
    predictions,
    classes,
    ...(options.withProbabilities && probabilities && { probabilities }),
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
    kernels: options.kernels,
  }
}

/** Maximum number of rows and of words in the printed report. */
const mostShown = 20

const short = (items: ReadonlyArray<string>): string =>
  items.length <= mostShown
    ? items.join(", ")
    : `${items.slice(0, mostShown).join(", ")} and ${items.length - mostShown} more`

const knownLine = ({ known }: PredictReport): ReadonlyArray<string> => {
  if (known === undefined) return []
  const quality =
    known.accuracy === undefined
      ? `root mean squared error ${Table.margin(known.rootMeanSquare!)}`
      : `${(100 * known.accuracy).toFixed(1)} % right`
  return [`known      ${quality}, of ${Table.plural(known.rows, "row")} with a target`]
}

const farLine = ({ far }: PredictReport): ReadonlyArray<string> =>
  far === undefined
    ? []
    : [
        `far        ${Table.plural(far.rows, "row")} more than 10 standard deviations from the training mean (${short(far.features.map(({ feature, rows }) => `${feature} in ${Table.plural(rows, "row")}`))}): do not rely on these predictions`,
      ]

const cellsOf = ({ classes, lines, predictions, probabilities }: PredictReport) => {
  const some = predictions.slice(0, mostShown)
  const number = Table.numbersOf(some.filter((prediction) => typeof prediction === "number"))
  return {
    header: ["LINE", "PREDICTION", ...(probabilities === undefined ? [] : classes)],
    rows: some.map((prediction, i) => [
      String(lines[i]),
      typeof prediction === "string" ? prediction : number(prediction),
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
  const words = predictions.filter((prediction) => typeof prediction === "string")
  const values = classes.length > 0 ? words : Float64Array.from(predictions, Number)
  return [
    ...copied,
    { name: predicted, values },
    ...(probabilities === undefined ? [] : classes).map((name, c) => ({
      name: `probability of ${name}`,
      values: Float64Array.from(probabilities!, (row) => row[c]!),
    })),
  ]
}
