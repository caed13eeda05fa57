/**
 * Integer statistics of private rows: a count, counts of classes, sums on a grid, and ranks. The choice of statistics is public. Each row
 * changes them by integers, independent of the rest of the table.
 */
import type { Rational } from "@nonconvex/numerics/Rational"
import type { Categories, Edges, Range } from "../privacy/Public.ts"
import { exact } from "../privacy/PurePrivacy.ts"
import type { Neighbours } from "../privacy/Target.ts"
import * as IntegerSensitivity from "../theory/IntegerSensitivity.ts"

/** A column with the interval to which it is clipped. */
interface Ranged {
  readonly column: string
  readonly range: Range
}

/** Statistic of a release. */
export type Statistic =
  | { readonly kind: "count" }
  /** Counts of the rows with each value, and of those with none. */
  | { readonly kind: "categories"; readonly column: string; readonly categories: Categories }
  /** Counts of the rows between edges, below and above them, and without a number. A bin contains its lower edge. */
  | { readonly kind: "bins"; readonly column: string; readonly edges: Edges }
  | ({ readonly kind: "mean" } & Ranged)
  /** The number of a public grid below which a share of the rows lies; rows without a number are left out. */
  | {
      readonly kind: "quantile"
      readonly column: string
      readonly grid: Edges
      /** A decimal of at most four places, between 0 and 1. */
      readonly share: number
    }

/** Steps from the middle of a range to its ends, in a sum: the mean of 2^24 rows stays below 2^44 steps. */
export const half = 2 ** 19

/** Column that a statistic reads, as text or as numbers; undefined for a count. */
export const columnOf = (
  statistic: Statistic,
): { readonly column: string; readonly as: "text" | "number" } | undefined =>
  statistic.kind === "count"
    ? undefined
    : { column: statistic.column, as: statistic.kind === "categories" ? "text" : "number" }

/** Number of entries of a statistic. */
export const entriesOf = (statistic: Statistic): number => {
  switch (statistic.kind) {
    case "categories":
      return statistic.categories.length + 1
    case "bins":
      return statistic.edges.length + 2
    case "quantile":
      return 2 * statistic.grid.length + 1
    default:
      return 1
  }
}

/** Largest sum of the changes of the entries, or change of a score, if one row is replaced, or added or removed. */
export const sensitivityOf = (statistic: Statistic, neighbours: Neighbours): number => {
  switch (statistic.kind) {
    case "mean":
      return IntegerSensitivity.sumSensitivity(neighbours, half)
    case "quantile": {
      const { denominator, numerator } = shareOf(statistic)
      return IntegerSensitivity.rankSensitivity(neighbours, numerator, denominator)
    }
    default:
      return IntegerSensitivity.classesSensitivity(neighbours)
  }
}

/** The share of a quantile as a fraction of integers. */
export const shareOf = ({ share }: { readonly share: number }) => {
  const { denominator, numerator }: Rational = exact(share)
  return { numerator: Number(numerator), denominator: Number(denominator) }
}

/** Index of the place of a value among the numbers of a grid: odd at a number, even between two of them, below and above. */
export const placeOf = (value: number, grid: Edges): number => {
  const from = binOf(value, grid)
  return from > 0 && grid[from - 1] === value ? 2 * from - 1 : 2 * from
}

/** Score of each number of a grid as a quantile, from the numbers of rows at each place. */
export const scoresOf = (
  { grid, share }: Extract<Statistic, { readonly kind: "quantile" }>,
  places: Float64Array,
): Float64Array => {
  const { denominator, numerator } = shareOf({ share })
  const rows = places.reduce((sum, count) => sum + count, 0)
  let below = 0
  return Float64Array.from(grid, (_, k) => {
    below += places[2 * k]! + (k > 0 ? places[2 * k - 1]! : 0)
    const above = rows - below - places[2 * k + 1]!
    return -Math.abs((denominator - numerator) * below - numerator * above)
  })
}

/** Value of a range as steps from its middle, clipped; the middle for NaN. */
export const stepsOf = (value: number, { lower, upper }: Range): number => {
  if (Number.isNaN(value)) return 0
  const clipped = Math.min(Math.max(value, lower), upper)
  return Math.round(((clipped - lower) / (upper - lower)) * 2 * half) - half
}

/** Value at a number of steps from the middle of a range. */
export const valueOf = (steps: number, { lower, upper }: Range): number =>
  lower + ((steps + half) / (2 * half)) * (upper - lower)

/** Index of the bin of a value: 0 below the edges, `edges.length` above, and one more for NaN. */
export const binOf = (value: number, edges: Edges): number => {
  if (Number.isNaN(value)) return edges.length + 1
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value >= edges[middle]!) low = middle + 1
    else high = middle
  }
  return low
}
