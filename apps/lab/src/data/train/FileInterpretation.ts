/** Interpretation of a file: its format and the role of each column. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import type { Encoded } from "@nonconvex/datasets/Encoder"
import * as Spelling from "@nonconvex/datasets/Spelling"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { OfFile } from "@nonconvex/datasets/Prepared"

export const Read = Schema.Struct({
  spelling: Spelling.Spelling,
  target: Schema.String,
  task: Schema.Literals(["classification", "regression"]),
  /** Absent for a regression. */
  classes: Schema.Array(Schema.String),
  rowsWithoutTarget: Schema.Int,
  /** Columns of words, and how many features each became. */
  encoded: Schema.Array(
    Schema.Struct({
      column: Schema.String,
      as: Schema.Literals(["one-hot", "ordinal"]),
      words: Schema.Int,
      /** Number of categories in the training rows, if some of them get no feature. */
      of: Schema.optionalKey(Schema.Int),
    }),
  ),
  /** Missing cells among the training rows, and their replacement. */
  filled: Schema.Array(
    Schema.Struct({ column: Schema.String, missing: Schema.Int, by: Schema.String }),
  ),
  leftOut: Schema.Array(Schema.Struct({ column: Schema.String, because: Schema.String })),
})
export type Read = typeof Read.Type

const fillOf = (encoded: Encoded): string => {
  if (encoded._tag === "Number") return `the median ${Table.number(encoded.fill)}`
  return encoded._tag === "OneHot" ? "a category of its own" : "the middle of the order"
}

export const describe = (
  { learned: { encoder, leftOut, missing, pooled }, whole: { column, frame, rows } }: OfFile,
  target: Dataset.Target,
): Read => ({
  spelling: frame.spelling,
  target: column.name,
  task: target._tag === "Classification" ? "classification" : "regression",
  classes: target._tag === "Classification" ? target.classes : [],
  rowsWithoutTarget: frame.rows - rows.length,
  encoded: encoder.flatMap((each): Read["encoded"] => {
    if (each._tag === "Number") return []
    const { column: name } = each
    if (each._tag === "Ordinal") return [{ column: name, as: "ordinal", words: each.order.length }]
    const all = pooled.get(name)
    const of = all === undefined ? {} : { of: all }
    return [{ column: name, as: "one-hot", words: each.categories.length, ...of }]
  }),
  filled: encoder.flatMap((each) => {
    const count = missing.get(each.column) ?? 0
    return count === 0 ? [] : [{ column: each.column, missing: count, by: fillOf(each) }]
  }),
  leftOut,
})

const reasons: Readonly<Record<string, string>> = {
  constant: "the same in every training row",
  dates: "dates: --category reads each as a word; a column of day numbers is more useful",
  empty: "empty in every training row",
  identifier: "looks like an identifier: if not, use --keep",
  text: "more distinct words than a third of the rows, so text or names: for categories use --category",
  "row number": "numbers the rows: if it is meaningful, use --keep",
}

/** Maximum number of listed columns. */
const mostListed = 8

const listed = (items: ReadonlyArray<string>): string =>
  items.length <= mostListed
    ? items.join("; ")
    : `${items.slice(0, mostListed).join("; ")} and ${items.length - mostListed} more`

const line = (name: string, items: ReadonlyArray<string>): ReadonlyArray<string> =>
  items.length === 0 ? [] : [`${name.padEnd(11)}${listed(items)}`]

/** Text for readers; empty parts are omitted. */
export const render = (read: Read): ReadonlyArray<string> => [
  `read       ${Spelling.describe(read.spelling)}`,
  `target     ${read.target}, ${read.task === "regression" ? "numbers" : `${Table.plural(read.classes.length, "class", "classes")}: ${listed(read.classes)}`}`,
  ...(read.rowsWithoutTarget === 0
    ? []
    : [`dropped    ${Table.plural(read.rowsWithoutTarget, "row")} without a target`]),
  ...line(
    "encoded",
    read.encoded.map(
      ({ as, column, of, words }) =>
        `${column} (${as}, ${of === undefined ? Table.plural(words, "word") : `${words} of ${of} words, the rest as "other"`})`,
    ),
  ),
  ...line(
    "filled",
    read.filled.map(
      ({ by, column, missing }) =>
        `${column}: ${missing} missing, filled by ${by} and marked in a feature`,
    ),
  ),
  ...line(
    "left out",
    read.leftOut.map(({ because, column }) => `${column} (${reasons[because] ?? because})`),
  ),
]
