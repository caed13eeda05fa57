/**
 * Ends trials that fall behind: those whose metric is worse than the median of the others after as many rows. D. Golovin et al.,
 * Google Vizier: a service for black-box optimization, 2017, section 3.3.1.
 */
import type { Row } from "@nonconvex/evidence/Experiment"
import { median } from "@nonconvex/evidence/Summary"
import type { Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Context } from "effect"
import * as Table from "../../cli/TextTable.ts"
import { BadExpression } from "../runs/Clause.ts"
import * as Metric from "../runs/Metric.ts"

/** Reason to end a trial that has reported these rows; undefined if it may go on. By default every trial may. */
export const Pruner = Context.Reference<(rows: ReadonlyArray<Row>) => string | undefined>(
  "@nonconvex/lab/Pruner",
  { defaultValue: () => () => undefined },
)

const beginning = "pruned after"

/** Tests whether the reason of a failed trial is that it was pruned. */
export const isPruning = (reason: string): boolean =>
  new RegExp(String.raw`^\S+ failed: ${beginning} \d`).test(reason)

/** Number of complete trials that a trial is compared with at least. */
const fewest = 5

/** Tests whether trials are compared after `count` rows: after each of the first 16, then eight times until it has doubled. */
const isCheck = (count: number): boolean =>
  count <= 16 || count % (1 << (28 - Math.clz32(count))) === 0

/** The metric over rows; undefined as long as no row has a value. */
const valueOf = (metric: Metric.Metric, rows: ReadonlyArray<Row>): number | undefined => {
  try {
    const measured = Metric.evaluate(metric, rows)
    return measured.rows === 0 ? undefined : measured.value
  } catch (error) {
    if (error instanceof BadExpression) return undefined
    throw error
  }
}

/** Compares the trials of a sweep. Mutable. */
export const make = (metric: Metric.Metric, goal: Sweep["goal"]) => {
  const sign = goal === "least" ? 1 : -1
  /** Costs of complete trials, by the number of rows after which they are compared. */
  const complete = new Map<number, Array<number>>()
  const costOf = (rows: ReadonlyArray<Row>): number | undefined => {
    const value = valueOf(metric, rows)
    return value === undefined ? undefined : sign * value
  }
  /** Least costs so far of trials under way, by their growing rows. */
  const best = new WeakMap<ReadonlyArray<Row>, number>()
  return {
    /** Takes note of a complete trial. */
    ended: (rows: ReadonlyArray<Row>): void => {
      for (let count = 1; count <= rows.length; count++) {
        if (!isCheck(count)) continue
        const cost = costOf(rows.slice(0, count))
        if (cost === undefined || Number.isNaN(cost)) continue
        const known = complete.get(count)
        if (known === undefined) complete.set(count, [cost])
        else known.push(cost)
      }
    },
    /** See `Pruner`; `rows` is the same list throughout a trial. */
    reasonToEnd: (rows: ReadonlyArray<Row>): string | undefined => {
      const count = rows.length
      if (!isCheck(count)) return undefined
      const cost = costOf(rows)
      if (cost === undefined) return undefined
      const others = complete.get(count) ?? []
      if (others.length < fewest) return undefined
      const after = `${beginning} ${Table.plural(count, "row")}: ${Metric.render(metric)}`
      if (Number.isNaN(cost)) return `${after} is NaN`
      const least = Math.min(cost, best.get(rows) ?? Infinity)
      best.set(rows, least)
      const middle = median(others)
      if (least <= middle) return undefined
      const shown = Table.numbersOf([sign * least, sign * middle])
      return `${after} is ${shown(sign * least)} at best, ${goal === "least" ? "above" : "below"} the median ${shown(sign * middle)} of ${Table.plural(others.length, "trial")}`
    },
  }
}

export type MedianPruner = ReturnType<typeof make>
