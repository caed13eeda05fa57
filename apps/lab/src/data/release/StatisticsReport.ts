/** Report of `release` on statistics: noisy numbers, their confidence intervals and their privacy cost. */
import {
  estimates,
  type Ledger,
  Neighbours,
  type NoisyStatistics,
  statisticsStatement,
} from "@nonconvex/dp-lowrank"
import * as Decimal from "@nonconvex/numerics/Decimal"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as UnitOfPrivacy from "./UnitOfPrivacy.ts"
import { lineOf, SpentBudget } from "./SpentBudget.ts"

const Estimate = Schema.Struct({
  estimate: Schema.Number,
  lower: Schema.Number,
  upper: Schema.Number,
})
type Estimate = typeof Estimate.Type

/** Class of a histogram, and its count. */
const Class = Schema.Struct({ class: Schema.String, ...Estimate.fields })

const Statistic = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("count"), ...Estimate.fields }),
  /** Counts, of which each row is in exactly one. */
  Schema.Struct({
    kind: Schema.Literal("histogram"),
    column: Schema.String,
    counts: Schema.Array(Class),
  }),
  /** Mean of the values clipped to the range. */
  Schema.Struct({
    kind: Schema.Literal("mean"),
    column: Schema.String,
    range: Schema.Struct({ lower: Schema.Number, upper: Schema.Number }),
    ...Estimate.fields,
  }),
  /** A number of the public grid. */
  Schema.Struct({
    kind: Schema.Literal("quantile"),
    column: Schema.String,
    share: Schema.Number,
    estimate: Schema.Number,
    /** Rows by which its rank is farther from the exact one than that of the best number of the grid, at most. */
    rankError: Schema.Number,
  }),
])

/** JSON of `release` with --count, --histogram, --mean or --quantile. All of it is public. */
export const StatisticsReport = Schema.Struct({
  dataset: Schema.String,
  statistics: Schema.Array(Statistic),
  /** Probability that any of the intervals misses the exact number. */
  failure: Schema.Number,
  neighbours: Neighbours,
  unit: UnitOfPrivacy.Unit,
  /** Number of rows, which is public under `replace`; otherwise null. */
  rows: Schema.NullOr(Schema.Int),
  epsilon: Schema.Number,
  delta: Schema.Literal(0),
  statement: Schema.String,
  /** Treatment of cells without a value. */
  missing: Schema.Literals(["refuse", "centre"]),
  ledger: SpentBudget,
})
export type StatisticsReport = typeof StatisticsReport.Type

/** Classes of edges: a bin holds its lower edge. */
const binsOf = (edges: ReadonlyArray<number>): ReadonlyArray<string> => [
  `below ${edges[0]!}`,
  ...edges.slice(1).map((edge, k) => `${edges[k]!} to below ${edge}`),
  `${edges.at(-1)!} and above`,
  "no value",
]

/** Report of statistics that a ledger paid for. */
export const make = (
  noisy: NoisyStatistics,
  options: {
    readonly account: Ledger.Account
    readonly failure: number
    readonly missing: "refuse" | "centre"
    readonly people: UnitOfPrivacy.People
  },
): StatisticsReport => {
  const { account, failure, missing, people } = options
  const { privacy, receipt, rows = null } = noisy
  const { budget, entry, spentEpsilon } = receipt!
  return {
    dataset: account.dataset,
    statistics: estimates(noisy, failure).map(({ estimates: found, rankError, statistic }) => {
      switch (statistic.kind) {
        case "count":
          return { kind: "count", ...found[0]! }
        case "mean": {
          const { column, kind, range } = statistic
          return { kind, column, range, ...found[0]! }
        }
        case "quantile": {
          const { column, kind, share } = statistic
          return { kind, column, share, estimate: found[0]!.estimate, rankError: rankError! }
        }
        default: {
          const classes =
            statistic.kind === "bins"
              ? binsOf(statistic.edges)
              : [...statistic.categories, "any other"]
          // without missing cells their class holds noise alone
          const shown =
            statistic.kind === "bins" && missing === "refuse" ? found.slice(0, -1) : found
          return {
            kind: "histogram",
            column: statistic.column,
            counts: shown.map((each, k) => ({ class: classes[k]!, ...each })),
          }
        }
      }
    }),
    failure,
    neighbours: privacy.neighbours,
    unit: UnitOfPrivacy.ofPure(privacy, people),
    rows,
    epsilon: privacy.epsilon,
    delta: 0,
    statement: statisticsStatement(noisy),
    missing,
    ledger: {
      path: account.path,
      entry,
      spentEpsilon,
      budgetEpsilon: budget.epsilon,
      budgetDelta: budget.delta,
    },
  }
}

/** Digits of a number in a sentence. */
const digits = 5

const counted = ({ estimate, lower, upper }: Estimate): string =>
  `${Table.count(estimate)} in [${Table.count(lower)}, ${Table.count(upper)}]`

const linesOf = (statistic: StatisticsReport["statistics"][number]): ReadonlyArray<string> => {
  switch (statistic.kind) {
    case "count":
      return [`count          ${counted(statistic)}`]
    case "mean": {
      const { column, estimate, lower, range, upper } = statistic
      const ends = `[${Table.number(Decimal.floor(lower, digits))}, ${Table.number(Decimal.ceil(upper, digits))}]`
      return [
        `mean           ${column} ${Table.number(Number(estimate.toPrecision(digits)))} in ${ends}, of values clipped to ${range.lower} to ${range.upper}`,
      ]
    }
    case "quantile": {
      const { column, estimate, rankError, share } = statistic
      return [
        `quantile       ${share} of ${column}: ${Table.number(estimate)}, rank error at most ${Table.count(rankError)} rows above that of the best number of the grid`,
      ]
    }
    case "histogram":
      return statistic.counts.map(
        (each) => `histogram      ${statistic.column} ${each.class}: ${counted(each)}`,
      )
  }
}

/** The report for people. */
export const render = (report: StatisticsReport): string => {
  const { failure, ledger, missing, rows, statistics } = report
  const hasMean = statistics.some(({ kind }) => kind === "mean")
  return [
    `${report.dataset}, ${Table.plural(statistics.length, "statistic")} by exact integer noise`,
    report.statement,
    ...UnitOfPrivacy.caution(report.unit),
    `intervals      hold simultaneously with probability ${Table.number(1 - failure)}; epsilon is divided equally among the statistics`,
    ...statistics.flatMap(linesOf),
    ...(missing === "centre" && hasMean
      ? ["missing        cells without a value count as the middle of the range in a mean"]
      : []),
    ...(rows === null ? [] : [`rows           ${Table.count(rows)}, which are public`]),
    lineOf(ledger),
    "nonconvex explain <term> explains a term, such as nonconvex explain histogram",
  ].join("\n")
}
