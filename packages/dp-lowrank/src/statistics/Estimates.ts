/** Estimates with confidence intervals from noisy statistics alone; they cost no privacy. */
import * as Require from "@nonconvex/numerics/Require"
import * as PermuteAndFlip from "../noise/PermuteAndFlip.ts"
import * as DiscreteLaplace from "../noise/DiscreteLaplace.ts"
import type { Range } from "../privacy/Public.ts"
import type { NoisyStatistics } from "./NoisyStatistics.ts"
import { half, shareOf, type Statistic, valueOf } from "./Statistic.ts"

/** Noisy number, with the interval that contains the exact one. */
interface Estimate {
  readonly estimate: number
  readonly lower: number
  readonly upper: number
}

/** Statistic with estimates: of each count, of the mean of the clipped values, or of the quantile. */
interface Estimated {
  readonly statistic: Statistic
  readonly estimates: ReadonlyArray<Estimate>
  /**
   * For a quantile, whose interval is the whole grid: the rank of the estimate is at most this many rows farther from the requested one
   * than that of the best number of the grid.
   */
  readonly rankError: number | undefined
}

/** A count, which may be below 0, and the interval of the exact one, which may not. */
const countOf = (noisy: number, margin: number): Estimate => ({
  estimate: noisy,
  lower: Math.max(0, noisy - margin),
  upper: Math.max(0, noisy + margin),
})

/** The mean of values in a range, from the sum of their steps and their number, each with an interval. */
const meanOf = (sum: Estimate, rows: Estimate, range: Range): Estimate => {
  // rounding to a step moves a mean by half a step
  const [least, most] = [sum.lower - 0.5 * rows.upper, sum.upper + 0.5 * rows.upper]
  const quotients = [least, most].flatMap((end) => [end / rows.lower, end / rows.upper])
  const isKnown = rows.lower > 0
  const valueAt = (steps: number): number => valueOf(Math.min(half, Math.max(-half, steps)), range)
  return {
    estimate: valueAt(sum.estimate / Math.max(1, rows.estimate)),
    lower: isKnown ? valueAt(Math.min(...quotients)) : range.lower,
    upper: isKnown ? valueAt(Math.max(...quotients)) : range.upper,
  }
}

/**
 * Estimates of all statistics; their intervals hold simultaneously with probability 1 - failure over the noise. A mean is that of the
 * values clipped to the range. Throws InvalidInput on a failure outside of (0, 1).
 *
 * @example
 * ```ts import.meta.vitest
 * import { estimates } from "@nonconvex/dp-lowrank"
 *
 * const rate = { numerator: 1n, denominator: 10n }
 * const parts = [{ statistic: { kind: "count" }, rate, entries: [1000] }] as const
 * const privacy = { kind: "pure", epsilon: 0.1, neighbours: "add-remove", rowsPerPerson: 1 } as const
 * const noisy = { parts, privacy, rows: undefined, receipt: undefined, unsafeSource: undefined }
 * estimates(noisy, 0.05)[0]!.estimates // => [{ estimate: 1000, lower: 970, upper: 1030 }]
 * ```
 */
export const estimates = (
  { parts, rows }: NoisyStatistics,
  failure: number,
): ReadonlyArray<Estimated> => {
  Require.fraction("estimates", "failure", failure)
  Require.object("estimates", "parts", parts, "length")
  const drawn = parts.reduce((sum, { entries }) => sum + entries.length, 0)
  const counted = parts.find(({ statistic }) => statistic.kind === "count")
  const marginOf = (part: (typeof parts)[number]) =>
    DiscreteLaplace.margin(part.rate, failure / drawn)
  const number =
    counted === undefined
      ? { estimate: rows ?? 0, lower: rows ?? 0, upper: rows ?? 0 }
      : countOf(counted.entries[0]!, marginOf(counted))
  return parts.map((part) => {
    const { entries, statistic } = part
    const [estimate = 0] = entries
    if (statistic.kind === "quantile") {
      const { grid } = statistic
      const error = PermuteAndFlip.scoreError(grid.length, part.rate, failure / drawn)
      // a row between two numbers changes the difference of their scores by the denominator
      const rankError = Math.floor((error * (1 + 1e-12)) / shareOf(statistic).denominator)
      return {
        statistic,
        estimates: [{ estimate, lower: grid[0]!, upper: grid.at(-1)! }],
        rankError,
      }
    }
    const margin = marginOf(part)
    const rankError = undefined
    if (statistic.kind !== "mean") {
      return { statistic, estimates: entries.map((entry) => countOf(entry, margin)), rankError }
    }
    const sum = { estimate, lower: estimate - margin, upper: estimate + margin }
    return { statistic, estimates: [meanOf(sum, number, statistic.range)], rankError }
  })
}
