/**
 * Effects of rows and columns without a product beside them, in plain loops: an entry costs two numbers to read and one addition, beside which the
 * copies and checks of a kernel are most of the time. `fit` and `residuals` have the sums of `sparseLeastSquares` and `sparseResiduals` of rank 0, in their order.
 */
import { type Compressed, countsOf, type Observations } from "./Table.ts"

/** The effects of one side that are best beside those of the other; 0 of what has no entry. */
export const fit = (
  side: Compressed,
  other: Float64Array,
  ridge: number,
  own: Float64Array,
): void => {
  const { confidence, others, starts, values } = side
  if (confidence !== undefined) return fitWeighed(side, confidence, other, ridge, own)
  let from = 0
  for (let k = 0; k < own.length; k++) {
    const to = starts[k + 1]!
    const count = to - from
    let sum = 0
    for (; from < to; from++) sum += values[from]! - other[others[from]!]!
    own[k] = count > 0 ? sum / (count + ridge) : 0
  }
}

const fitWeighed = (
  { others, starts, values }: Compressed,
  confidence: Float64Array,
  other: Float64Array,
  ridge: number,
  own: Float64Array,
): void => {
  for (let k = 0; k < own.length; k++) {
    const [from, to] = [starts[k]!, starts[k + 1]!]
    let [count, sum] = [0, 0]
    for (let e = from; e < to; e++) {
      const root = Math.sqrt(confidence[e]!)
      count += root * root
      sum += root * (root * (values[e]! - other[others[e]!]!))
    }
    const divisor = count + ridge
    own[k] = to > from && divisor > 0 ? sum / divisor : 0
  }
}

/** What effects leave of entries, times what they count, in `out` where it is given; returns the sum of the squares, each counted as much as it counts. */
export const residuals = (
  { confidence, others, starts, values }: Compressed,
  own: Float64Array,
  other: Float64Array,
  out?: Float64Array,
): number => {
  let square = 0
  for (let k = 0; k < own.length; k++) {
    const effect = own[k]!
    for (let e = starts[k]!, to = starts[k + 1]!; e < to; e++) {
      const left = values[e]! - effect - other[others[e]!]!
      const weighed = confidence === undefined ? left : confidence[e]! * left
      if (out !== undefined) out[e] = weighed
      square += weighed * left
    }
  }
  return square
}

const sumOfSquares = (effects: Float64Array): number => {
  let sum = 0
  for (let k = 0; k < effects.length; k++) sum += effects[k]! * effects[k]!
  return sum
}

/** Half of the squares that effects leave, and of their own squares times their ridges: what they make least. `out` gets the residuals. */
export const objectiveOf = (
  { byRow }: Observations,
  rows: Float64Array,
  columns: Float64Array,
  ridge: readonly [rows: number, columns: number],
  out?: Float64Array,
): number => {
  const penalty = ridge[0] * sumOfSquares(rows) + ridge[1] * sumOfSquares(columns)
  return (residuals(byRow, rows, columns, out) + penalty) / 2
}

/** What the objective needs of the entries where the effects of the columns are the best beside those of the rows. */
export interface Sums {
  /** The squares of all values, each counted as much as it counts. */
  readonly square: number
  /** Of each row, the sum of its values, each counted as much as it counts. */
  readonly rows: Float64Array
  readonly counts: ReturnType<typeof countsOf>
}

/** One look at all entries. */
export const sumsOf = (observations: Observations): Sums => {
  const { confidence, starts, values } = observations.byRow
  const rows = new Float64Array(observations.rows)
  let square = 0
  for (let k = 0; k < rows.length; k++) {
    let sum = 0
    for (let e = starts[k]!, to = starts[k + 1]!; e < to; e++) {
      const weighed = confidence === undefined ? values[e]! : confidence[e]! * values[e]!
      sum += weighed
      square += weighed * values[e]!
    }
    rows[k] = sum
  }
  return { square, rows, counts: countsOf(observations) }
}

const isNone = (effects: Float64Array): boolean => effects.every((effect) => effect === 0)

/** The objective where nothing is fitted yet, undefined where something is; with the bits of `objectiveOf`. */
export const objectiveAtStart = (
  { square }: Sums,
  rows: Float64Array,
  columns: Float64Array,
): number | undefined => (isNone(rows) && isNone(columns) ? square / 2 : undefined)

/** The part of the squares that must be left, so that what cancels leaves ten digits. */
const enough = 1e-2

/**
 * The objective right after the columns were fitted, without another look at the entries: sum q (v - b - c)^2 + ridge |c|^2 is sum q (v - b)^2 less
 * c^2 (count + ridge) of every column. Undefined where effects leave too little of the squares.
 */
export const objectiveAtBest = (
  { counts, rows: sums, square }: Sums,
  rows: Float64Array,
  columns: Float64Array,
  ridge: readonly [rows: number, columns: number],
): number | undefined => {
  let left = square
  for (let k = 0; k < rows.length; k++) {
    const effect = rows[k]!
    left += effect * (effect * (counts.rows[k]! + ridge[0]) - 2 * sums[k]!)
  }
  for (let k = 0; k < columns.length; k++) {
    left -= columns[k]! * columns[k]! * (counts.columns[k]! + ridge[1])
  }
  return left > enough * square ? left / 2 : undefined
}
