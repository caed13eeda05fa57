/** Release in words: every line explains public numbers only. */
import * as Decimal from "@nonconvex/numerics/Decimal"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Table from "../../cli/TextTable.ts"
import * as UnitOfPrivacy from "./UnitOfPrivacy.ts"
import type { ReleaseReport } from "./ReleaseReport.ts"
import { lineOf } from "./SpentBudget.ts"

/** Digits of a number in a sentence. */
const digits = 4

interface Ends {
  readonly lower: number
  readonly upper: number
}

const upper = (bound: number): string => Table.number(Decimal.ceil(bound, digits))

/** Prints an interval with its ends rounded outward. */
const interval = (ends: Ends): string =>
  `[${Table.number(Decimal.floor(ends.lower, digits))}, ${upper(ends.upper)}]`

const counted = (rows: number): string => (rows < 1e15 ? Table.count(rows) : Table.number(rows))

/** Between two numbers of few digits, no narrower than they are, or from one on. */
const between = (ends: Ends, few: number, show: (x: number) => string): string => {
  const least = show(Decimal.floor(ends.lower, few))
  return Number.isFinite(ends.upper)
    ? `between ${least} and ${show(Decimal.ceil(ends.upper, few))}`
    : `${least} or more`
}

const rowsBetween = (ends: Ends): string =>
  ends.lower === 0 && !Number.isFinite(ends.upper)
    ? "an unknown number of"
    : between(ends, 2, counted)
const epsilonBetween = (ends: Ends): string => between(ends, 3, Table.margin)

/** Loadings that are shown. */
const most = 6

const named = (column: string): string => {
  const short = column.length > 30 ? `${column.slice(0, 30)}...` : column
  return /^[^\s,"\p{Cc}]+$/u.test(short) ? short : JSON.stringify(short)
}

/** Largest loadings of a component, with the bound 2 sin(angle / 2) on the error of each. */
const loadings = ({ certificate, loadings: all }: ReleaseReport, k: number): string => {
  const sorted = Object.entries(all[k]!).toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const shown = sorted.slice(0, most).map(([column, x]) => `${Table.margin(x)} ${named(column)}`)
  const rest = sorted.length - shown.length
  const sine = certificate.directions[k]!
  const certain =
    sine < 1
      ? `each within ${upper(2 * Elementary.sin(Elementary.asin(sine) / 2))}`
      : "its direction is uncertain: other components or the noise are as large"
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}; ${certain}`
}

/** Changes along a component that are shown, in the units of the columns. */
const inUnits = ({ inUnits: all, loadings: unitless }: ReleaseReport, k: number) => {
  if (all === undefined) return []
  const sorted = Object.entries(unitless[k]!).toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const shown = sorted
    .slice(0, most)
    .map(([column]) => `${named(column)} by ${Table.margin(all[k]![column]!)}`)
  return [`in units       a step of 1 along component ${k + 1} changes ${shown.join(", ")}`]
}

/** Assesses the usefulness of the release in a sentence. */
const verdict = ({ certificate, columns, needed, rank }: ReleaseReport): string => {
  const { eigenvalues, explained, projectorError, status } = certificate
  const drowned = eigenvalues.findIndex(({ lower }) => lower === 0)
  const share = `the directions explain at least ${Table.number(Decimal.floor(100 * explained.lower, 3))} % of the variance`
  if (drowned >= 0 && columns.length === 1) {
    return "too noisy: the size of the only column may be noise; use more rows or a larger epsilon (see needed)"
  }
  if (drowned >= 0) {
    const what = rank === 1 ? "the component" : `component ${drowned + 1} of ${rank}`
    return `too noisy: ${what} may be noise; use ${drowned === 0 ? "" : "a smaller --rank, "}more rows or a larger epsilon (see needed)`
  }
  if (status === "certified" && projectorError <= 0.1) return `usable: ${share}`
  const why =
    status === "certified"
      ? `the directions may be rotated by ${upper((180 / Math.PI) * Elementary.asin(projectorError))} degrees`
      : `component ${rank + 1} may be as large as component ${rank}, so the directions are uncertain`
  return `rough: ${share}, but ${why}${needed.epsilon.upper < 100 ? " (see needed)" : ""}`
}

const needs = ({ delta, divisor, epsilon, needed, rank }: ReleaseReport): string => {
  const { epsilon: other, rows } = needed
  const at = `at epsilon ${Table.number(epsilon)}`
  const what = `for component ${rank} ten times above the noise`
  if (rows === null) {
    return `${what}: more rows or epsilon ${epsilonBetween(other)} at delta ${delta}; the number of rows is private: give --rows if it was published, or spend budget on it with --count-epsilon`
  }
  return `${what}: ${rowsBetween(rows)} rows ${at}, or epsilon ${epsilonBetween(other)} at these ${Table.count(divisor)}`
}

const percent = (share: number, round: (x: number, few: number) => number): string =>
  Table.number(round(100 * share, 3))

/** Coefficients that are shown, the largest first. */
const shownCoefficients = 12

/** The regression of one column on the others. */
const regressed = ({ regression }: ReleaseReport): ReadonlyArray<string> => {
  if (regression === undefined) return []
  const { asked, coefficients, explained, mostExplained, rank, target } = regression
  const bound = `coefficients of no rank explain more than ${percent(mostExplained, Decimal.ceil)} %`
  if (rank === 0) {
    return [
      `regression     of ${named(target)}: too noisy, since no direction of the other columns is above the noise; ${bound}`,
    ]
  }
  const all = Object.entries(coefficients)
  const sorted = all.toSorted(([, a], [, b]) => Math.abs(b.estimate) - Math.abs(a.estimate))
  const fewer = rank < asked ? ` (the other directions of ${asked} are not above the noise)` : ""
  return [
    `regression     of ${named(target)} on ${Table.plural(all.length, "column")} by ${Table.plural(rank, "direction")}${fewer}: explains ${Table.number(100 * explained.estimate)} % of its second moment about the centre, in [${percent(explained.lower, Decimal.floor)}, ${percent(explained.upper, Decimal.ceil)}] %`,
    ...sorted
      .slice(0, shownCoefficients)
      .map(
        ([column, value]) =>
          `coefficient    ${named(column)} ${Table.margin(value.estimate)} in ${interval(value)}`,
      ),
    ...(all.length > shownCoefficients
      ? [`coefficient    and ${all.length - shownCoefficients} more: --json lists them`]
      : []),
    `low rank       confidence intervals are for the exact rows in the span of ${rank === 1 ? "this direction" : "these directions"}; the other directions are ignored, and ${bound}`,
  ]
}

const subspace = ({ certificate: { projectorError, status }, columns }: ReleaseReport): string => {
  if (columns.length === 1) return "the only column: only its size is released"
  return status === "certified"
    ? `within ${upper(projectorError)} of the exact one (spectral distance of projectors)`
    : "no certified gap at this rank"
}

/** The report for people. */
export const render = (report: ReleaseReport): string => {
  const { certificate, centre, columns, count, divisor, ledger, needed, rank } = report
  const { eigenvalues, explained, failure, noiseNorm } = certificate
  const share = { lower: 100 * explained.lower, upper: 100 * explained.upper }
  return [
    `${report.dataset}, rank ${rank} of ${columns.length}, ${report.mechanism} noise`,
    report.statement,
    ...UnitOfPrivacy.caution(report.unit),
    `answer         ${verdict(report)}`,
    `noise          norm at most ${upper(noiseNorm)}; every line below holds with probability ${Table.number(1 - failure - (count?.failure ?? 0))}`,
    ...eigenvalues.flatMap((value, k) => [
      `eigenvalue ${String(k + 1).padEnd(3)} ${Table.number(value.estimate)} in ${interval(value)}, shrunk ${Table.number(report.shrunk[k]!)}`,
      `component ${String(k + 1).padEnd(4)} ${loadings(report, k)}`,
      ...inUnits(report, k),
    ]),
    `explained      ${Table.number(100 * explained.estimate)} % of the trace, in ${interval(share)} %; no choice of components explains more than ${upper(share.upper)} %`,
    `subspace       ${subspace(report)}`,
    `rank           ${report.chosenRank === 0 ? "no gap is above the noise" : `the widest gap comes after ${report.chosenRank}`}; ${Table.plural(report.significant, "eigenvalue")} certainly positive`,
    ...regressed(report),
    `needed         ${needs(report)}`,
    `rule of thumb  without privacy, sampling alone needs ${rowsBetween(needed.samplingRows)} rows for that; ${
      needed.rows === null ? "with it" : `at this epsilon`
    } no data set suffices with fewer than ${counted(Decimal.ceil(needed.leastRows, 2))}`,
    ...(divisor > 1 && report.delta * divisor > 0.1
      ? [
          "caution        delta is above a tenth of 1 / rows: such a delta allows the publication of a random row; choose a smaller one",
        ]
      : []),
    ...(report.missing === "centre"
      ? ["missing        cells without a value count as the centre, which lowers the variances"]
      : []),
    `centre         ${centre === null ? "0" : "as given"}: variances are about it, not about the mean of the rows${centre === null ? "; if that mean is large, the first component mostly shows it: set a public point with --centre" : ""}`,
    ...(report.scales === undefined
      ? []
      : [
          `units          columns were divided by the public scales: ${Object.entries(report.scales)
            .slice(0, shownCoefficients)
            .map(([column, scale]) => `${named(column)} ${Table.number(scale)}`)
            .join(", ")}`,
        ]),
    `scale          ${divisor === 1 ? "sums over the rows" : `divided by ${Table.count(divisor)} rows`}${count === undefined ? "" : `, a private count, in [${Table.count(count.lower)}, ${Table.count(count.upper)}]`}`,
    lineOf(ledger),
    "nonconvex explain <term> explains a term, such as nonconvex explain subspace",
  ].join("\n")
}
