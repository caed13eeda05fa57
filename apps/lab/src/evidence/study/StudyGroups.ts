/** Rows of a study in groups, and the mean over seeds of a number of each. */
import { distinct } from "@nonconvex/evidence/Summary"
import { canonical } from "@nonconvex/runner/RunKey"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Student from "../../statistics/Student.ts"
import type { Value } from "../runs/Comparison.ts"
import { bySeed, type Mean, type Rows, valueOf } from "./Judgement.ts"

export interface Group {
  /** The values of the columns that make the group. */
  readonly values: ReadonlyArray<Value>
  readonly rows: Rows
}

/** Rows with the same values in `columns`, in the order in which these appear. */
export const of = (rows: Rows, columns: ReadonlyArray<string>): ReadonlyArray<Group> => {
  const found = new Map<string, { values: ReadonlyArray<Value>; rows: Array<Rows[number]> }>()
  for (const row of rows) {
    const values = columns.map((name) => row[name] ?? "")
    // canonical JSON has no NaN, and no column that makes groups has one
    const key = canonical(values)
    const known = found.get(key)
    if (known === undefined) found.set(key, { values, rows: [row] })
    else known.rows.push(row)
  }
  return [...found.values()]
}

/** The mean over seeds, with its 95 % interval, of a metric of the rows of each; of those seeds that have a finite number. Throws `BadExpression`. */
export const mean = (rows: Rows, metric: string): Mean => {
  const values = [...bySeed(rows).values()].map((each) => valueOf(metric, each))
  const { count, high, low, mean: centre } = Student.sample(values.filter(Number.isFinite))
  return { count, mean: centre, low, high }
}

/** The same of the ratio of two metrics, by the mean of its logarithms; of those seeds that have one. Throws `BadExpression`. */
export const meanRatio = (rows: Rows, metric: string, over: string): Mean => {
  const logarithms = [...bySeed(rows).values()].map((each) =>
    Elementary.log(valueOf(metric, each) / valueOf(over, each)),
  )
  const { count, high, low, mean: centre } = Student.sample(logarithms.filter(Number.isFinite))
  const [middle, least, most] = [centre, low, high].map(Elementary.exp)
  return { count, mean: middle!, low: least!, high: most! }
}

/** The values of a column in their order: numbers by size, others as they appear. */
export const ordered = (rows: Rows, column: string): ReadonlyArray<Value> => {
  const found = distinct(rows.map((row) => row[column] ?? ""))
  return found.every((value) => typeof value === "number") ? found.toSorted((a, b) => a - b) : found
}
