/** Release of integer statistics: the one place where their noise meets data. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type * as Rational from "@nonconvex/numerics/Rational"
import * as Require from "@nonconvex/numerics/Require"
import * as DiscreteLaplace from "../noise/DiscreteLaplace.ts"
import type { Source } from "../noise/Entropy.ts"
import { IntegerDraws } from "../noise/IntegerDraws.ts"
import * as PermuteAndFlip from "../noise/PermuteAndFlip.ts"
import type { PureGuarantee } from "../privacy/PurePrivacy.ts"
import type { Permit, Receipt } from "../release/Permit.ts"
import { nameOf, noPrivacy, relation } from "../release/Release.ts"
import { type PrivateTallies, reveal } from "./PrivateTallies.ts"
import { scoresOf, type Statistic } from "./Statistic.ts"
import type { StatisticsPlan } from "./StatisticsPlan.ts"

/** Statistic with noise. */
export interface NoisyStatistic {
  readonly statistic: Statistic
  /**
   * Counts, or the sum of the steps of `Statistic.stepsOf`: integers, rounded to float64 beyond 2^53. Of a quantile, the chosen number
   * of the grid.
   */
  readonly entries: ReadonlyArray<number>
  /** Rate of the noise, or of the choice: see `StatisticsPlan.Part`. */
  readonly rate: Rational.Rational
}

/** Noisy statistics. All of it is public, and anything computed from it costs no further privacy. */
export interface NoisyStatistics {
  readonly parts: ReadonlyArray<NoisyStatistic>
  /** Number of rows where it is public, because neighbours differ by a replaced row. */
  readonly rows: number | undefined
  readonly privacy: PureGuarantee
  /** Ledger entry that paid for it; undefined without a ledger. */
  readonly receipt: Receipt | undefined
  /** Undefined for the operating system's generator; else the name of the generator that voids the guarantee. */
  readonly unsafeSource: string | undefined
}

/** Adds noise to the statistics. The result is as secret as they are until it is paid for. */
export const addNoise = (tallies: PrivateTallies, source: Source): NoisyStatistics => {
  const { parts, privacy } = tallies.plan
  const { entries, rows } = reveal(tallies)
  const draws = new IntegerDraws(source)
  const noisy = parts.map(({ rate, statistic }, k) => ({
    statistic,
    rate,
    entries:
      statistic.kind === "quantile"
        ? [statistic.grid[PermuteAndFlip.choose(scoresOf(statistic, entries[k]!), rate, draws)]!]
        : Array.from(entries[k]!, (entry) =>
            Number(BigInt(entry) + DiscreteLaplace.sample(rate, draws)),
          ),
  }))
  draws.wipe()
  return {
    parts: noisy,
    rows: privacy.neighbours === "replace" ? rows : undefined,
    privacy,
    receipt: undefined,
    unsafeSource: nameOf(source),
  }
}

/**
 * Adds discrete Laplace noise to the statistics, chooses quantiles by permute and flip, and uses up the permit. The integers depend on the data only through exact sums.
 * Throws PermitUsed if the permit was used before, and InvalidInput if its plan is another than that of the statistics.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Permit, PrivateTallies, releaseStatistics, StatisticsPlan } from "@nonconvex/dp-lowrank"
 * import { operatingSystem } from "@nonconvex/dp-lowrank/node"
 *
 * const asked = { statistics: [{ kind: "count" }], epsilon: 20, neighbours: "add-remove" } as const
 * const tallies = PrivateTallies.make(StatisticsPlan.make(asked))
 * for (let row = 0; row < 1000; row++) tallies.add([undefined])
 * const { parts } = releaseStatistics(tallies, Permit.withoutLedger(tallies.plan), operatingSystem)
 * Math.abs(parts[0]!.entries[0]! - 1000) < 5 // => true
 * ```
 */
export const release = (
  tallies: PrivateTallies,
  permit: Permit<StatisticsPlan>,
  source: Source,
): NoisyStatistics => {
  if (permit.plan !== tallies.plan) {
    invalid("releaseStatistics", "the permit must be for the plan of the statistics", {})
  }
  permit.use()
  return { ...addNoise(tallies, source), receipt: permit.receipt }
}

/**
 * States the guarantee of a release in a sentence for the people in the data.
 *
 * @example
 * ```ts import.meta.vitest
 * import { statisticsStatement } from "@nonconvex/dp-lowrank"
 *
 * const privacy = { kind: "pure", epsilon: 0.1, neighbours: "add-remove", rowsPerPerson: 1 } as const
 * const unsafeSource = undefined
 * statisticsStatement({ privacy, unsafeSource }).slice(0, 43) // => "0.1-differentially private, with delta 0, w"
 * ```
 */
export const statement = ({
  privacy,
  unsafeSource,
}: Pick<NoisyStatistics, "privacy" | "unsafeSource">): string => {
  Require.object("statisticsStatement", "privacy", privacy, "epsilon")
  return unsafeSource === undefined
    ? `${privacy.epsilon}-differentially private, with delta 0, where ${relation(privacy)}. Integer noise in exact arithmetic, from the operating system.`
    : noPrivacy(unsafeSource)
}
