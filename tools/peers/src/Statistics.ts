/** Medians with their spread, and differences over splits. */
import type { Splits } from "./Workload.ts"

export interface Spread {
  readonly median: number
  /** The quartiles. */
  readonly low: number
  readonly high: number
}

/** A mean with its 95 % interval. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** The standard error of a mean over splits that share rows (Nadeau and Bengio 2003). */
export const errorOverSplits = (
  values: ReadonlyArray<number>,
  { heldOut }: Pick<Splits, "heldOut">,
): number => {
  const { length } = values
  const mean = values.reduce((sum, value) => sum + value, 0) / length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (length - 1)
  return Math.sqrt(variance * (1 / length + heldOut / (1 - heldOut)))
}

/** Of the differences `ours - theirs`, split by split. */
export const pairedDifference = (
  ours: ReadonlyArray<number>,
  theirs: ReadonlyArray<number>,
  splits: Splits,
): Interval => {
  const differences = ours.map((value, k) => value - theirs[k]!)
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  const reach = splits.studentPoint * errorOverSplits(differences, splits)
  return { mean, low: mean - reach, high: mean + reach }
}

const quantile = (sorted: ReadonlyArray<number>, q: number): number => {
  const at = q * (sorted.length - 1)
  const below = Math.floor(at)
  const rest = at - below
  return sorted[below]! * (1 - rest) + (sorted[below + 1] ?? sorted[below]!) * rest
}

/** Of at least one number. */
export const spread = (values: ReadonlyArray<number>): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
  }
}
