/** Rows of a study in groups, and the mean over seeds of a number of each. */
import { distinct } from "@nonconvex/evidence/Summary"
import { canonical } from "@nonconvex/runner/RunKey"
import type { Value } from "../runs/Clause.ts"
import { bySeed, geometric, type Mean, meanOf, type Rows, valueOf } from "./Judgement.ts"

export interface Group {
  /** The values of the columns that make the group. */
  readonly values: ReadonlyArray<Value>
  readonly rows: Rows
}

/** Rows with equal values in `columns`, in order of first appearance. */
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

/** Mean of a metric over seeds, or its share, with a 95 % confidence interval. Throws `BadExpression`. */
export const mean = (rows: Rows, metric: string): Mean => meanOf(metric, [...bySeed(rows).values()])

/** Geometric mean of the ratio of two metrics, over the seeds with a finite positive ratio. Throws `BadExpression`. */
export const meanRatio = (rows: Rows, metric: string, over: string): Mean => {
  const ratios = [...bySeed(rows).values()].map(
    (each) => valueOf(metric, each) / valueOf(over, each),
  )
  return geometric(ratios.filter((ratio) => Number.isFinite(ratio) && ratio > 0))
}

/** The values of a column in their order: numbers by size, others as they appear. */
export const ordered = (rows: Rows, column: string): ReadonlyArray<Value> => {
  const found = distinct(rows.map((row) => row[column] ?? ""))
  return found.every((value) => typeof value === "number") ? found.toSorted((a, b) => a - b) : found
}
