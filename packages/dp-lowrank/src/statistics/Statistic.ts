/**
 * Integer statistics of private rows: a count, counts of classes, and sums on a grid. Which they are is public; each row changes
 * them by integers, whatever the others are.
 */
import type { Categories, Edges, Range } from "../privacy/Public.ts"
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
    default:
      return 1
  }
}

/** Largest sum of the changes of the entries of a statistic, if one row is replaced, or added or removed. */
export const sensitivityOf = ({ kind }: Statistic, neighbours: Neighbours): number =>
  kind === "mean"
    ? IntegerSensitivity.sumSensitivity(neighbours, half)
    : IntegerSensitivity.classesSensitivity(neighbours)

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
