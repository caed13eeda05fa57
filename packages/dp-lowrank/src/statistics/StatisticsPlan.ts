/** Plan of statistics that are released together: their exact noise, from public numbers only, and its privacy. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Rational from "@nonconvex/numerics/Rational"
import * as Require from "@nonconvex/numerics/Require"
import * as PurePrivacy from "../privacy/PurePrivacy.ts"
import { type Neighbours, requireRowsPerPerson } from "../privacy/Target.ts"
import { sensitivityOf, shareOf, type Statistic } from "./Statistic.ts"

/** Statistic with its share of epsilon. */
interface Part {
  readonly statistic: Statistic
  /** Largest sum of the changes of its entries, or change of a score, by all rows of one person. */
  readonly sensitivity: number
  /**
   * Epsilon over sensitivity, exactly: noise x has a probability proportional to exp(-rate |x|). Half of it for a quantile: the rate of
   * `PermuteAndFlip.choose`.
   */
  readonly rate: Rational.Rational
}

/** The noise of statistics, and their guarantee. */
export interface StatisticsPlan {
  readonly mechanism: { readonly name: string }
  readonly parts: ReadonlyArray<Part>
  readonly privacy: PurePrivacy.PureGuarantee
}

/** Requested statistics and privacy. */
interface Options {
  readonly statistics: ReadonlyArray<Statistic>
  /** Privacy of all statistics together, of which each gets the same share. */
  readonly epsilon: number
  readonly neighbours: Neighbours
  /** Maximum number of rows of one person, a public number; the default 1 protects a row, not a person. */
  readonly rowsPerPerson?: number | undefined
}

/** The mechanisms of statistics. */
const nameOf = (statistics: ReadonlyArray<Statistic>): string => {
  const quantiles = statistics.filter(({ kind }) => kind === "quantile").length
  if (quantiles === 0) return "discrete-laplace"
  return quantiles === statistics.length
    ? "permute-and-flip"
    : "discrete-laplace and permute-and-flip"
}

/** Requires a share of at most four places between 0 and 1, so that scores of 2^24 rows stay below 2^53. */
const requireShare = (share: number): void => {
  const isDecimal = share > 0 && share < 1 && shareOf({ share }).denominator <= 10_000
  if (!isDecimal) {
    const requirement = "the share of a quantile must be between 0 and 1, with at most four places"
    invalid("StatisticsPlan.make", requirement, { share })
  }
}

/** Largest number of statistics that are released together. */
const mostStatistics = 1000

/**
 * The plan of statistics. A mean needs the number of rows, so that under `add-remove` a count is added to the statistics. Throws
 * InvalidInput on no or more than 1000 statistics, on an epsilon outside of [1e-9, 100], and on a count under `replace`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public, StatisticsPlan } from "@nonconvex/dp-lowrank"
 *
 * const age = { kind: "mean", column: "age", range: Public.range(0, 120) } as const
 * const { parts } = StatisticsPlan.make({ statistics: [age], epsilon: 1, neighbours: "add-remove" })
 * parts.map(({ statistic }) => statistic.kind) // => ["count", "mean"]
 * ```
 */
export const make = ({ epsilon, neighbours, statistics, ...more }: Options): StatisticsPlan => {
  PurePrivacy.requireEpsilon("StatisticsPlan.make", epsilon)
  Require.object("StatisticsPlan.make", "statistics", statistics, "length")
  const rowsPerPerson = requireRowsPerPerson("StatisticsPlan.make", more.rowsPerPerson)
  for (const statistic of statistics) {
    if (statistic.kind === "quantile") requireShare(statistic.share)
  }
  const hasCount = statistics.some(({ kind }) => kind === "count")
  if (hasCount && neighbours === "replace") {
    const requirement = "when rows are replaced, their number is public and costs no budget"
    invalid("StatisticsPlan.make", requirement, {})
  }
  const needsCount =
    neighbours === "add-remove" && !hasCount && statistics.some(({ kind }) => kind === "mean")
  const all: ReadonlyArray<Statistic> = needsCount ? [{ kind: "count" }, ...statistics] : statistics
  Require.count("StatisticsPlan.make", "the number of statistics", all.length, 1, mostStatistics)
  const parts = all.map((statistic) => {
    const sensitivity = rowsPerPerson * sensitivityOf(statistic, neighbours)
    const halves = statistic.kind === "quantile" ? 2n : 1n
    const divisor = Rational.make(halves * BigInt(all.length) * BigInt(sensitivity), 1n)
    return { statistic, sensitivity, rate: Rational.divide(PurePrivacy.exact(epsilon), divisor) }
  })
  return {
    mechanism: { name: nameOf(all) },
    parts,
    privacy: { kind: "pure", epsilon, neighbours, rowsPerPerson },
  }
}
