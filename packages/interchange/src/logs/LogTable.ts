/** Columns of a log in table form. */
import type * as Table from "@nonconvex/datasets/Table"
import type { Series } from "./Series.ts"

/**
 * Values of a series at these steps. At a step without a value it is NaN, or the last value if the series holds values until the
 * next. A value that is not a number becomes infinite.
 */
export const valuesAt = (steps: Float64Array, { steps: own, values }: Series, holds: boolean) => {
  let [next, last] = [0, Number.NaN]
  return steps.map((step) => {
    let found = Number.NaN
    for (; next < own.length && own[next]! <= step; next++) {
      last = Number.isFinite(values[next]!) ? values[next]! : Number.POSITIVE_INFINITY
      if (own[next] === step) found = last
    }
    return Number.isNaN(found) && holds ? last : found
  })
}

/** Series of a table column, over the steps of its rows or over the row numbers. */
export const seriesIn = (
  { columns, rows, values }: Table.Columns,
  step: string | undefined,
  name: string,
): { readonly series: Series; readonly kept: ReadonlyArray<number> } => {
  const [width, j] = [columns.length, columns.indexOf(name)]
  const at = step === undefined ? -1 : columns.indexOf(step)
  const kept: Array<number> = []
  for (let k = 0; k < rows; k++) if (!Number.isNaN(values[k * width + j]!)) kept.push(k)
  return {
    kept,
    series: {
      name,
      steps: Float64Array.from(kept, (k) => (at < 0 ? k : values[k * width + at]!)),
      values: Float64Array.from(kept, (k) => values[k * width + j]!),
    },
  }
}

/**
 * Joins the rows of several tables, in the columns of the first. They are sorted by their first steps, because parts may be
 * written and named in any order.
 */
export const joined = (
  first: Table.Columns,
  more: ReadonlyArray<Table.Columns>,
  step: string | undefined,
): Table.Columns => {
  if (more.length === 0) return first
  const { columns } = first
  const startOf = (table: Table.Columns): number => {
    const at = step === undefined ? -1 : table.columns.indexOf(step)
    return at < 0 ? 0 : (table.values[at] ?? 0)
  }
  const tables = [first, ...more].toSorted((a, b) => startOf(a) - startOf(b))
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const values = new Float64Array(rows * columns.length).fill(Number.NaN)
  let row = 0
  for (const table of tables) {
    const places = columns.map((name) => table.columns.indexOf(name))
    for (let k = 0; k < table.rows; k++, row++) {
      places.forEach((place, j) => {
        if (place < 0) return
        values[row * columns.length + j] = table.values[k * table.columns.length + place]!
      })
    }
  }
  return { ...first, rows, values }
}

/** Note on chart points that stand for several values; it compares each loss with their range. */
export const bandNotes = (
  losses: Series,
  [least, most]: readonly [Series | undefined, Series | undefined],
): ReadonlyArray<string> => {
  if (least === undefined || most === undefined) return []
  const [low, high] = [least, most].map((band) => valuesAt(losses.steps, band, false))
  const isBetween = (k: number) => high![k]! > losses.values[k]! || low![k]! < losses.values[k]!
  const between = [...losses.steps.keys()].filter(isBetween)
  if (between.length === 0) return []
  const above = (k: number) => high![k]! / losses.values[k]!
  const worst = between.reduce((best, k) => (above(k) > above(best) ? k : best))
  return [
    `${between.length} of its ${losses.steps.length} points stand for several steps or runs, and each loss is their last value or mean: "${most.name}" is up to ${Number(above(worst).toPrecision(6))} times it (step ${losses.steps[worst]}); export the whole history, or use --loss "${most.name}"`,
  ]
}
