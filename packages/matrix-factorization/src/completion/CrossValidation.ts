/** Squared errors on held-out entries, in groups, so that models are compared on the same entries with a standard error. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as AlternatingLeastSquares from "./AlternatingLeastSquares.ts"
import { boundsOf, type Centred, centred } from "./Models.ts"
import { type Observations, subtable, type Table } from "./Table.ts"

/** Groups of held-out entries a fold. */
const groups = 20

/** Entries to fit, minus their mean, and the held-out entries. */
export interface Fold {
  readonly mean: number
  readonly training: Observations
  readonly held: Table
}

/** A table and its folds. */
export interface HeldOut {
  readonly table: Table
  /** All observations, minus their mean. */
  readonly observed: Centred
  readonly folds: number
  readonly at: (fold: number) => Fold
  /** Range to which predictions are clipped. */
  readonly bounds: readonly [least: number, largest: number]
}

/** Folds of a table, each created on demand. */
export const split = (table: Table, observed: Centred, folds: number, seed: Seed.Seed): HeldOut => {
  const order = RandomStream.make(seed).permutation(table.values.length)
  const foldOf = new Uint32Array(order.length)
  order.forEach((entry, place) => {
    foldOf[entry] = place % folds
  })
  const made = (fold: number): Fold => {
    const all = foldOf.map((_, entry) => entry)
    const { mean, observations } = centred(
      table,
      all.filter((entry) => foldOf[entry] !== fold),
    )
    const held = subtable(
      table,
      all.filter((entry) => foldOf[entry] === fold),
    )
    return { mean, training: observations, held }
  }
  const known = new Map<number, Fold>()
  const at = (fold: number): Fold => {
    const found = known.get(fold) ?? made(fold)
    known.set(fold, found)
    return found
  }
  return { table, observed, folds, at, bounds: boundsOf(table.values) ?? [-Infinity, Infinity] }
}

/** Sums of squared errors by group, weighted by entry, over the folds on which a model was tried. */
export interface Score {
  readonly sums: Float64Array
  readonly counts: Float64Array
  folds: number
}

export const empty = ({ folds }: HeldOut): Score => ({
  sums: new Float64Array(folds * groups),
  counts: new Float64Array(folds * groups),
  folds: 0,
})

/** Adds the errors on one more fold. */
export const add = (
  { bounds: [least, largest] }: HeldOut,
  score: Score,
  { held, mean }: Fold,
  factors: AlternatingLeastSquares.Factors,
): void => {
  const from = score.folds * groups
  for (let i = 0; i < held.values.length; i++) {
    const value = mean + AlternatingLeastSquares.valueAt(factors, held.rowOf[i]!, held.columnOf[i]!)
    const error = held.values[i]! - Math.min(largest, Math.max(least, value))
    const weight = held.confidence?.[i] ?? 1
    score.sums[from + (i % groups)]! += weight * (error * error)
    score.counts[from + (i % groups)]! += weight
  }
  score.folds++
}

/** The mean of values over the entries behind them, and its standard error by the groups that have entries. */
const meanOf = (sums: Float64Array, counts: Float64Array) => {
  let [count, total, filled, square] = [0, 0, 0, 0]
  for (let g = 0; g < sums.length; g++) {
    count += counts[g]!
    total += sums[g]!
    if (counts[g]! > 0) filled++
  }
  const mean = total / count
  for (let g = 0; g < sums.length; g++) square += Elementary.square(sums[g]! - mean * counts[g]!)
  const standardError = filled > 1 ? Math.sqrt((square * filled) / (filled - 1)) / count : Infinity
  return { mean, standardError }
}

const upTo = ({ counts, sums }: Score, folds: number) =>
  [sums.subarray(0, folds * groups), counts.subarray(0, folds * groups)] as const

/** Root mean square error over the first folds, and its standard error. */
export const errorOf = (score: Score, folds = score.folds) => {
  const { mean, standardError } = meanOf(...upTo(score, folds))
  const error = Math.sqrt(mean)
  return { error, standardError: error > 0 ? standardError / (2 * error) : 0 }
}

/** Excess of a mean squared error over another on the same entries, in standard errors of the difference. */
export const excess = (score: Score, other: Score): number => {
  const [sums, counts] = upTo(score, Math.min(score.folds, other.folds))
  const { mean, standardError } = meanOf(
    sums.map((sum, g) => sum - other.sums[g]!),
    counts,
  )
  return mean <= 0 ? 0 : mean / standardError
}
