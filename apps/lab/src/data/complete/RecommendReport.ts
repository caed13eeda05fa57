/** Report of `complete` on lists of the best columns. */
import { type Entries, Reading } from "@nonconvex/datasets/Entries"
import type { WrittenColumn } from "@nonconvex/datasets/TableFile"
import type { ImplicitChoice, Lists, Model, RankingEvidence } from "@nonconvex/matrix-factorization"
import { CompletionModel, ImplicitModel, Ranked } from "@nonconvex/matrix-factorization/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import { describe, lined, printed, reading, shown } from "./CompleteReport.ts"

/** JSON of `complete --top` and `--implicit`. */
export const RecommendReport = Schema.Struct({
  /** Interpretation of the file. */
  read: Reading,
  rows: Schema.Int,
  columns: Schema.Int,
  /** Number of values, or of counts above 0. */
  observed: Schema.Int,
  /** Length of a list. */
  top: Schema.Int,
  /** The best columns of each row, best first, with the predicted value or preference. Of lists with more than 100,000 entries, which `--save` writes, those of the first 20 rows. */
  lists: Schema.Array(
    Schema.Struct({
      row: Schema.String,
      columns: Schema.Array(Schema.Struct({ column: Schema.String, value: Schema.Number })),
    }),
  ),
  /** Model of counts, and its ranking of the held-out cells that chose it. */
  counts: Schema.optionalKey(
    Schema.Struct({
      model: ImplicitModel,
      ndcg: Schema.Number,
      standardError: Schema.Number,
      candidates: Schema.Int,
      /** True if `--time` ended the search. */
      ended: Schema.Boolean,
    }),
  ),
  /** Model of values, and its root mean square error on held-out entries. */
  values: Schema.optionalKey(
    Schema.Struct({
      model: CompletionModel,
      error: Schema.Number,
      standardError: Schema.Number,
      ended: Schema.Boolean,
    }),
  ),
  heldOut: Schema.Struct({
    /** Held-out cells found among all columns, beside the most popular columns. Of values, those that are at least the mean of their row. */
    found: Schema.optionalKey(Ranked),
    /** Order of the held-out values of a row, beside the means of columns. */
    ordered: Schema.optionalKey(Ranked),
  }),
  /** Baselines that the lists do not beat by two standard errors. */
  noBetterThan: Schema.Array(Schema.Literals(["popularity", "means of columns"])),
  kernels: KernelsName,
})
export type RecommendReport = typeof RecommendReport.Type

/** Lists with the model that made them, and their ranking of held-out cells. */
export interface Listed {
  readonly lists: Lists
  readonly counts?: ImplicitChoice & { readonly ended: boolean }
  readonly values?: {
    readonly model: Model
    readonly error: number
    readonly standardError: number
    readonly ended: boolean
  }
  readonly found?: RankingEvidence
  readonly ordered?: RankingEvidence
}

/** Number of standard errors by which a list must be better than a baseline. */
const clearly = 2

const isBetter = ({ gain }: RankingEvidence): boolean => gain.mean > clearly * gain.standardError

/** Entries of the lists as columns: row, place from 1, column and value. */
export const writtenOf = (
  { columnNames, rowNames }: Entries,
  { lists: { columnOf, rows, starts, values } }: Listed,
): ReadonlyArray<WrittenColumn> => {
  const [row, place] = [new Array<string>(), new Float64Array(columnOf.length)]
  rows.forEach((at, k) => {
    for (let e = starts[k]!; e < starts[k + 1]!; e++) {
      row.push(rowNames[at]!)
      place[e] = e - starts[k]! + 1
    }
  })
  return [
    { name: "row", values: row },
    { name: "place", values: place },
    { name: "column", values: Array.from(columnOf, (column) => columnNames[column]!) },
    { name: "value", values },
  ]
}

export const make = (
  { columnNames, read, rowNames, table }: Entries,
  listed: Listed,
  top: number,
  kernels: RecommendReport["kernels"],
): RecommendReport => {
  const { counts, found, lists, ordered, values } = listed
  const { columnOf, rows, starts } = lists
  return {
    read,
    rows: table.rows,
    columns: table.columns,
    observed: table.values.length,
    top,
    lists: Array.from(
      columnOf.length <= printed ? rows : rows.subarray(0, shown.rows),
      (row, k) => ({
        row: rowNames[row]!,
        columns: Array.from(columnOf.subarray(starts[k], starts[k + 1]), (column, place) => ({
          column: columnNames[column]!,
          value: lists.values[starts[k]! + place]!,
        })),
      }),
    ),
    ...(counts && { counts }),
    ...(values && { values }),
    heldOut: { ...(found && { found }), ...(ordered && { ordered }) },
    noBetterThan: [
      ...(found !== undefined && !isBetter(found) ? (["popularity"] as const) : []),
      ...(ordered !== undefined && !isBetter(ordered) ? (["means of columns"] as const) : []),
    ],
    kernels,
  }
}

const chosen = ({ counts, top, values }: RecommendReport): ReadonlyArray<string> => {
  if (counts !== undefined) {
    const { alpha, penalty, rank } = counts.model
    return [
      `counts as confidence: rank ${rank}, alpha ${Table.margin(alpha)} (certainty of one unit of a count), ridge ${Table.margin(penalty)}`,
      `the best of ${Table.plural(counts.candidates, "model")} by NDCG@${top} on held-out cells`,
    ]
  }
  const { error, model, standardError } = values!
  return [
    describe(model),
    `root mean square error ${Table.number(Number(error.toPrecision(4)))} ± ${Table.margin(standardError)} on held-out entries`,
  ]
}

/** Standard error of equal values, which rounding leaves of it. */
const nothing = 1e-12

/** A mean, and its standard error where several rows were ranked. */
const number = ({ mean, standardError }: RankingEvidence["gain"]): string =>
  Number.isFinite(standardError)
    ? `${Table.margin(mean)} ± ${standardError < nothing ? 0 : Number(standardError.toPrecision(2))}`
    : `${Table.margin(mean)}, no error bar`

/** Measures of the model and of a baseline. */
const compared = (
  evidence: RankingEvidence,
  names: Readonly<Partial<Record<"ndcg" | "precision", string>>>,
  baseline: string,
): ReadonlyArray<string> => {
  const kinds = (["ndcg", "precision"] as const).filter((kind) => names[kind] !== undefined)
  return Table.render(
    ["", ...kinds.map((kind) => names[kind]!)],
    [
      ["chosen model", ...kinds.map((kind) => number(evidence[kind].model))],
      [baseline, ...kinds.map((kind) => number(evidence[kind].baseline))],
    ],
  ).split("\n")
}

const heldOut = ({
  counts,
  heldOut: { found, ordered },
  top,
}: RecommendReport): ReadonlyArray<string> => {
  const which = counts === undefined ? "values at or above the mean of the row" : "cells"
  const names = { ndcg: `NDCG@${top}`, precision: `precision@${top}` }
  return [
    ...(found === undefined
      ? []
      : [
          `a fifth of each row: its ${which}, ranked among all columns, in ${Table.plural(found.rows, "row")}`,
          ...compared(found, names, "most popular"),
        ]),
    ...(ordered === undefined
      ? []
      : [
          `the order of the held-out values of a row, in ${Table.plural(ordered.rows, "row")}`,
          ...compared(ordered, { ndcg: names.ndcg }, "means of columns"),
        ]),
  ]
}

const warnings = ({ counts, noBetterThan, values }: RecommendReport): ReadonlyArray<string> =>
  values?.model.kind === "mean"
    ? [
        "every prediction is the overall mean: the lists are in the order of the columns, and carry no information",
      ]
    : noBetterThan.map((baseline) => {
        if (baseline === "means of columns") {
          return "no clear gain over the means of columns: no clear evidence that rows prefer different columns"
        }
        return counts === undefined
          ? "lists by predicted value find held-out cells no better than the most popular columns: --implicit ranks columns by how likely a row is to have them"
          : "no clear gain over the most popular columns, which are the simpler list"
      })

const next = ({ counts, rows, values }: RecommendReport, listed: number): string => {
  if (counts?.ended === true || values?.ended === true) {
    return "the time limit ended the search: a longer --time may find a better model"
  }
  return listed < rows
    ? "--row names the rows to list, and --save lists.csv writes the lists of all"
    : "--save lists.csv writes the lists"
}

export const render = (report: RecommendReport): string => {
  const { columns, counts, lists, observed, rows, top } = report
  const seen = lists.slice(0, shown.rows)
  const [what, value] = counts === undefined ? ["observation", "value"] : ["count", "preference"]
  return [
    `${rows} x ${columns}, ${Table.plural(observed, what)}, lists of ${Table.plural(top, "column")}`,
    ...lined("read", [reading(report.read)]),
    ...lined("chosen", chosen(report)),
    ...lined("held out", heldOut(report)),
    ...lined("warning", warnings(report)),
    ...lined("next", [next(report, seen.length)]),
    "",
    Table.render(
      ["row", `best columns, with the predicted ${value}`],
      seen.map((each) => [
        each.row,
        each.columns.map((entry) => `${entry.column} ${Table.margin(entry.value)}`).join(", ") ||
          "none: every column has a value",
      ]),
    ),
  ].join("\n")
}
