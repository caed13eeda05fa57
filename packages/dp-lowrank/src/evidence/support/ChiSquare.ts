/** Chi-square comparison of counted cells with expected ones. */
import { Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Fewest expected samples of a cell that is compared. */
const fewest = 8

/** Compares `counts` with the shares of `weights`, at six deviations and a half. */
export const chiSquare = (counts: Float64Array, weights: Float64Array): Margin.Comparison => {
  const n = counts.reduce((sum, count) => sum + count, 0)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let [statistic, degrees] = [0, -1]
  weights.forEach((weight, i) => {
    const mean = (n * weight) / total
    if (mean < fewest) return
    statistic += Elementary.square(counts[i]! - mean) / mean
    degrees++
  })
  // Wilson and Hilferty at six deviations and a half, for tails that are no normal ones
  const limit =
    degrees * Elementary.pow(1 - 2 / (9 * degrees) + 6.5 * Math.sqrt(2 / (9 * degrees)), 3)
  return Margin.atMost(statistic, limit)
}
