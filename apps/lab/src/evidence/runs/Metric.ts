/** One number from the rows of a run: `mean(accuracy where method=sam and epoch>3)`. */
import * as Csv from "@nonconvex/evidence/Csv"
import type { Row } from "@nonconvex/evidence/Experiment"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Table from "../../cli/TextTable.ts"
import * as Clause from "./Clause.ts"
import { BadExpression, Refusal } from "./Clause.ts"

const aggregates = {
  last: (values: ReadonlyArray<number>) => values.at(-1)!,
  mean: Summary.mean,
  min: Summary.smallest,
  max: Summary.largest,
  sum: (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0),
  median: (values: ReadonlyArray<number>) =>
    values.some(Number.isNaN) ? Number.NaN : Summary.median(values),
} as const
export type Aggregate = keyof typeof aggregates

/** Metric: an aggregate of a column over the rows that fit. */
export interface Metric {
  readonly aggregate: Aggregate
  readonly column: string
  /** A row counts if it satisfies all; without conditions every row counts. */
  readonly where: ReadonlyArray<Clause.Comparison>
}

/** Value of a metric in the rows of one run. */
export interface Measured {
  /** NaN if it does not exist, or if a counted row has NaN. */
  readonly value: number
  /** Number of rows aggregated. */
  readonly rows: number
  /** Reason for a missing number, or for omitted rows. */
  readonly note?: string
}

const grammar = `a metric is a column (its mean over rows) or one of ${Object.keys(aggregates).join(", ")} of a column, such as last(loss) or mean(loss where method=sam and step>3)`

const isAggregate = (text: string): text is Aggregate => Object.hasOwn(aggregates, text)

const isParenthesis = (token: Clause.Token | undefined, text: string): boolean =>
  token?.kind === "parenthesis" && token.text === text

const metricOf = (text: string): Metric => {
  const given = Clause.tokens(text)
  const [first, open, ...inside] = given
  const [column, ...rest] = inside.slice(0, -1)
  if (first === undefined) throw new Refusal("it is empty")
  if (open === undefined && Clause.isName(first)) {
    return { aggregate: "mean", column: first.text, where: [] }
  }
  if (!isParenthesis(open, "(") || !isParenthesis(inside.at(-1), ")")) {
    throw new Refusal("it is neither a column nor an expression such as last(loss)")
  }
  if (first.kind !== "word" || !isAggregate(first.text)) {
    throw new Refusal(`there is no function ${Clause.shortened(first.text)}`)
  }
  if (!Clause.isName(column)) {
    throw new Refusal(`expected a column after ${first.text}(`)
  }
  const [where, ...clause] = rest
  if (where === undefined) return { aggregate: first.text, column: column.text, where: [] }
  if (where.kind !== "word" || where.text.toLowerCase() !== "where") {
    throw new Refusal(
      `expected "where" or ) after ${first.text}(${column.text}, found ${Clause.shortened(where.text)}`,
    )
  }
  return { aggregate: first.text, column: column.text, where: Clause.conjunction(clause) }
}

/**
 * The metric that a text names; whether rows have its columns is found by `evaluate`. Throws `BadExpression`, which explains the
 * syntax of a metric.
 */
export const parse = (text: string): Metric => {
  try {
    return metricOf(text)
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    throw new BadExpression({ flag: "metric", text, reason: `${cause.message}; ${grammar}` })
  }
}

/** In the syntax of `parse`: `mean(accuracy where method=sam)`. */
export const render = ({ aggregate, column, where }: Metric): string => {
  const filter = where.length === 0 ? "" : ` where ${Clause.render(where)}`
  return `${aggregate}(${Clause.written(column)}${filter})`
}

const refuse = (metric: Metric, reason: string): never => {
  throw new BadExpression({ flag: "metric", text: render(metric), reason })
}

/** Requires that all columns exist, that each comparison is valid for some value, and that the column contains no text. */
const requireColumns = (metric: Metric, rows: ReadonlyArray<Row>): void => {
  const named = [metric.column, ...metric.where.map(({ field }) => field)]
  const missing = named.find((column) => !rows.some((row) => Object.hasOwn(row, column)))
  if (missing !== undefined) {
    refuse(
      metric,
      `there is no column ${Clause.shortened(missing)}; the columns are ${Csv.columns(rows).join(", ")}`,
    )
  }
  for (const comparison of metric.where) {
    const reasonOf = (value: Clause.Value) => Clause.mismatch(value, comparison)
    const isSense = (value: Clause.Value | undefined) =>
      value !== undefined && reasonOf(value) === undefined
    if (rows.some((row) => isSense(row[comparison.field]))) continue
    const first = rows.map((row) => row[comparison.field]).find((value) => value !== undefined)!
    refuse(metric, reasonOf(first)!)
  }
  if (rows.some((row) => typeof row[metric.column] === "string")) {
    refuse(
      metric,
      `${metric.column} is a text, which has no ${metric.aggregate}; numeric columns are ${
        Csv.columns(rows)
          .filter((column) => rows.every((row) => typeof row[column] !== "string"))
          .join(", ") || "none"
      }`,
    )
  }
}

/**
 * Value of the metric on the rows of one run, in order; true counts as 1 and false as 0.
 *
 * A row without the column is skipped, but NaN counts: a diverged run has no mean. `note` reports either case. Throws
 * `BadExpression` if no row has a column of the metric, or if the column contains text.
 */
export const evaluate = (metric: Metric, rows: ReadonlyArray<Row>): Measured => {
  if (rows.length === 0) return { value: Number.NaN, rows: 0, note: "it has no rows" }
  requireColumns(metric, rows)
  const fitting = Clause.fitting(rows, metric.where)
  if (fitting.length === 0) return { value: Number.NaN, rows: 0, note: "no row matches" }
  const values = fitting.flatMap((row) => {
    const value = row[metric.column]
    return value === undefined ? [] : [Number(value)]
  })
  const used = metric.aggregate === "last" ? Math.min(1, values.length) : values.length
  if (used === 0) return { value: Number.NaN, rows: 0, note: "no matching row has the column" }
  const value = aggregates[metric.aggregate](values)
  const without = fitting.length - values.length
  const notes = [
    ...(Number.isNaN(value)
      ? [`NaN in ${values.filter(Number.isNaN).length} of ${Table.plural(values.length, "row")}`]
      : []),
    ...(without === 0
      ? []
      : [`${without} of ${Table.plural(fitting.length, "row")} without the column`]),
  ]
  return { value, rows: used, ...(notes.length === 0 ? {} : { note: notes.join(", ") }) }
}
