/**
 * A column on the scale of normal scores, on which it is normal whatever its shape: a rising function of a column changes
 * nothing. Predictions come back as the mean of the values that are expected (Zhao and Udell 2020, as recalled).
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"

/** The number below which a standard normal falls with this probability, by bisection and Newton's method. */
const quantile = (probability: number): number => {
  let [low, high] = [-9, 9]
  for (let k = 0; k < 8; k++) {
    const middle = (low + high) / 2
    if (NormalDistribution.cdf(middle) < probability) low = middle
    else high = middle
  }
  let x = (low + high) / 2
  for (let k = 0; k < 4; k++) {
    const density = Elementary.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
    x -= (NormalDistribution.cdf(x) - probability) / density
  }
  return x
}

/** Equally likely values of a standard normal. */
const nodes = Float64Array.from({ length: 15 }, (_, k) => quantile((k + 0.5) / 15))

/** Values of a column in ascending order, each with the score of its mean rank. */
export interface Scores {
  readonly values: Float64Array
  readonly scores: Float64Array
}

/** Scores by the values that are known. */
export const scoresOf = (column: Float64Array): Scores => {
  const sorted = column.filter((value) => !Number.isNaN(value)).toSorted()
  const values: Array<number> = []
  const scores: Array<number> = []
  for (let from = 0; from < sorted.length;) {
    let to = from
    while (to < sorted.length && sorted[to] === sorted[from]) to++
    values.push(sorted[from]!)
    scores.push(quantile((from + to) / (2 * sorted.length)))
    from = to
  }
  return { values: Float64Array.from(values), scores: Float64Array.from(scores) }
}

/** Value at x of the curve through points with ascending x; constant beyond its ends. */
const curve = (xs: Float64Array, ys: Float64Array, x: number): number => {
  let [low, high] = [0, xs.length - 1]
  if (high < 0) return 0
  if (x <= xs[0]!) return ys[0]!
  if (x >= xs[high]!) return ys[high]!
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (xs[middle]! <= x) low = middle
    else high = middle
  }
  return ys[low]! + ((x - xs[low]!) / (xs[high]! - xs[low]!)) * (ys[high]! - ys[low]!)
}

export const scoreOf = ({ scores, values }: Scores, value: number): number =>
  curve(values, scores, value)

/** Expected value where the score is normal with this mean and variance. */
export const expected = ({ scores, values }: Scores, mean: number, variance: number): number => {
  const deviation = Math.sqrt(Math.max(0, variance))
  let sum = 0
  for (const node of nodes) sum += curve(scores, values, mean + deviation * node)
  return sum / nodes.length
}
