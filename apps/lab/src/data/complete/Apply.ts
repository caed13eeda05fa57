/** New rows, filled by the model of an earlier completion. */
import { type Entries, Reading } from "@nonconvex/datasets/Entries"
import { Effect, Schema } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Text from "../../cli/TextTable.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import type { Input } from "./CompleteFlags.ts"
import * as CompleteInput from "./CompleteInput.ts"
import { printed, reading, shown } from "./CompleteReport.ts"
import * as CompletionFile from "./CompletionFile.ts"
import * as Filled from "./Filled.ts"

/** JSON of `complete --apply`. */
export const AppliedReport = Schema.Struct({
  read: Reading,
  rowNames: Schema.Array(Schema.String),
  /** Columns of the model, all of which are filled. */
  columnNames: Schema.Array(Schema.String),
  observed: Schema.Int,
  /** Number of observations in each row: a row without any is predicted from the column effects. */
  observations: Schema.Array(Schema.Int),
  /** Row by row; absent above 100,000 entries, which `--save` writes. */
  filled: Schema.optionalKey(Schema.Array(Schema.Array(Schema.Number))),
  /** Predictions for the listed pairs that have no value. */
  asked: Schema.Array(
    Schema.Struct({ row: Schema.String, column: Schema.String, value: Schema.Number }),
  ),
  /** Data that the model was fitted to, and its error on entries held out there. */
  model: CompletionFile.Made,
})
export type AppliedReport = typeof AppliedReport.Type

/** The files that a completion reads. */
export const inputsOf = ({ apply, file, weights }: Input): ReadonlyArray<string> => [
  file,
  ...[weights, apply].filter((path) => path !== undefined),
]

/** Table with the columns of the model in place of its own. Fails with UnknownColumns. */
const ofModel = Effect.fnUntraced(function* (
  path: string,
  named: Entries,
  { columnNames, meanWeight }: CompletionFile.CompletionFile,
) {
  const places = new Map(columnNames.map((name, place) => [name, place]))
  const unknown = named.columnNames.filter((name) => !places.has(name))
  if (unknown.length > 0) {
    return yield* new CompletionFile.UnknownColumns({ path, columns: unknown })
  }
  const placed = (columns: Uint32Array) =>
    columns.map((column) => places.get(named.columnNames[column]!)!)
  const { asked, table } = named
  return {
    ...named,
    columnNames,
    asked: { ...asked, columnOf: placed(asked.columnOf) },
    table: {
      ...table,
      columns: columnNames.length,
      columnOf: placed(table.columnOf),
      ...(table.confidence && { confidence: table.confidence.map((each) => each / meanWeight) }),
    },
  } satisfies Entries
})

const askedOf = (
  { asked, columnNames, rowNames }: Entries,
  rows: Iterable<Float64Array>,
): AppliedReport["asked"] => {
  const found = new Map<number, ReadonlyArray<number>>()
  asked.rowOf.forEach((row, i) => found.set(row, [...(found.get(row) ?? []), i]))
  const values = new Float64Array(asked.rowOf.length)
  let row = 0
  for (const filled of rows) {
    for (const i of found.get(row) ?? []) values[i] = filled[asked.columnOf[i]!]!
    row++
  }
  return Array.from(values, (value, i) => ({
    row: rowNames[asked.rowOf[i]!]!,
    column: columnNames[asked.columnOf[i]!]!,
    value,
  }))
}

const render = ({
  asked,
  columnNames,
  filled,
  model,
  observations,
  observed,
  read,
  rowNames,
}: AppliedReport) => {
  const [rows, columns] = [rowNames.length, columnNames.length]
  const none = rowNames.filter((_, row) => observations[row] === 0)
  const small = rows <= shown.rows && columns <= shown.columns
  const numbers = columnNames.map((_, j) =>
    Text.numbersOf(small ? (filled ?? []).map((row) => row[j]!) : []),
  )
  const number = Text.numbersOf(asked.slice(0, shown.rows).map(({ value }) => value))
  return [
    `${rows} x ${columns}, ${Text.plural(observed, "observation")}, ${Text.plural(rows * columns - observed, "hole")} filled`,
    `read         ${reading(read)}`,
    `model        fitted to ${Text.plural(model.rows, "row")} of ${model.data}, ${Text.plural(model.observed, "observation")}`,
    `held out     root mean square error ${Text.number(Number(model.error.toPrecision(4)))} ± ${Text.margin(model.standardError)} on held-out entries of the fitted table`,
    ...(none.length === 0
      ? []
      : [
          `little known no observations of ${Text.plural(none.length, "row")} (${none.slice(0, 5).join(", ")}${none.length > 5 ? ", ..." : ""}): filled by the column effects only`,
        ]),
    ...(asked.length === 0
      ? []
      : [
          "",
          Text.render(
            ["row", "column", "predicted"],
            asked.slice(0, shown.rows).map((each) => [each.row, each.column, number(each.value)]),
          ),
        ]),
    ...(small && filled !== undefined
      ? [
          "",
          Text.render(
            ["", ...columnNames],
            filled.map((row, k) => [rowNames[k]!, ...row.map((value, j) => numbers[j]!(value))]),
          ),
        ]
      : []),
  ].join("\n")
}

/** Flags that apply only to a fit. */
const ofFits = ["implicit", "model", "rank", "time", "top"] as const

export const apply = Effect.fnUntraced(function* (input: Input & { readonly apply: string }) {
  const { file, json, save } = input
  const flag = ofFits.find((name) => input[name] !== undefined)
  if (flag !== undefined) return yield* new Misfit({ flag, needs: "a fit, and no --apply" })
  const saved =
    save === undefined
      ? undefined
      : yield* SavedTable.stage(save, inputsOf(input), { texts: false })
  const completion = yield* CompletionFile.read(input.apply)
  const named = yield* ofModel(file, yield* CompleteInput.readEntries(file, input), completion)
  yield* CompleteInput.requireHole(file, named)
  const model = CompletionFile.modelOf(completion)
  const { columnNames, rowNames, table } = named
  const rows = () => Filled.newRowsOf(table, model)
  if (saved !== undefined) yield* SavedTable.writeRows(saved, named, rows())
  const observations = new Uint32Array(table.rows)
  for (const row of table.rowOf) observations[row]!++
  const report: AppliedReport = {
    read: named.read,
    rowNames,
    columnNames,
    observed: table.values.length,
    observations: Array.from(observations),
    ...(table.rows * table.columns <= printed && {
      filled: Array.from(rows(), (values) => Array.from(values)),
    }),
    asked: askedOf(named, rows()),
    model: completion.made,
  }
  yield* json ? Output.json(AppliedReport, report) : Output.text(render(report))
}, reported)
