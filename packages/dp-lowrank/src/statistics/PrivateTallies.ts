/** Exact integer statistics of private rows, which only a release returns, with noise. */
import { unusableRows } from "../release/PrivateScatter.ts"
import { mostRows } from "../privacy/Target.ts"
import { binOf, entriesOf, placeOf, type Statistic, stepsOf } from "./Statistic.ts"
import type { StatisticsPlan } from "./StatisticsPlan.ts"

/** Access to the secret content, for the release and its tests; the package does not export it. */
export let reveal: (tallies: PrivateTallies) => {
  readonly rows: number
  /** The entries of each part of the plan. */
  readonly entries: ReadonlyArray<Float64Array>
}

/** Value of a row in a column: text where categories are counted, else a number, and NaN for a missing one. */
export type Value = string | number

/** Adds the row with this value to the entries of a statistic. */
type Adding = (value: Value | undefined) => void

const addingTo = (statistic: Statistic, entries: Float64Array): Adding => {
  const count = (at: number): void => {
    entries[at] = entries[at]! + 1
  }
  switch (statistic.kind) {
    case "count":
      return () => count(0)
    case "categories": {
      const places = new Map(statistic.categories.map((category, at) => [category, at]))
      return (value) => count(places.get(String(value)) ?? places.size)
    }
    case "bins":
      return (value) => count(binOf(Number(value), statistic.edges))
    case "quantile":
      return (value) => {
        const x = Number(value)
        if (!Number.isNaN(x)) count(placeOf(x, statistic.grid))
      }
    case "mean":
      return (value) => {
        entries[0] = entries[0]! + stepsOf(Number(value), statistic.range)
      }
  }
}

/**
 * Sums of private rows, from which a release is made. Every sum is an integer below 2^53, so that it is exact in any order.
 */
export class PrivateTallies {
  readonly plan: StatisticsPlan
  readonly #entries: ReadonlyArray<Float64Array>
  readonly #add: ReadonlyArray<Adding>
  #rows = 0

  private constructor(plan: StatisticsPlan) {
    this.plan = plan
    const statistics = plan.parts.map(({ statistic }) => statistic)
    this.#entries = statistics.map((statistic) => new Float64Array(entriesOf(statistic)))
    this.#add = statistics.map((statistic, k) => addingTo(statistic, this.#entries[k]!))
  }

  /** Empty sums for the statistics of a plan. */
  static readonly make = (plan: StatisticsPlan): PrivateTallies => new PrivateTallies(plan)

  /**
   * Adds a row: the value for each part of the plan, of which those of counts are ignored. Throws InvalidInput, with one message for all
   * cases, on a wrong number of values and on more than 2^24 rows.
   */
  add(row: ReadonlyArray<Value | undefined>): void {
    const { length } = this.#add
    if (row.length !== length || this.#rows === mostRows) unusableRows("PrivateTallies.add")
    for (let k = 0; k < length; k++) this.#add[k]!(row[k])
    this.#rows++
  }

  static {
    reveal = (tallies) => ({ rows: tallies.#rows, entries: tallies.#entries })
  }
}
