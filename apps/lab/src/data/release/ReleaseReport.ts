/** What `release` found: noisy numbers, how far they may be off, and what they cost. */
import {
  type Ledger,
  LowRank,
  Neighbours,
  type NoisyScatter,
  type Public,
  statement,
} from "@nonconvex/dp-lowrank"
import type { Components } from "@nonconvex/dp-lowrank/evidence"
import * as Decimal from "@nonconvex/numerics/Decimal"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import { PaperOutputs } from "./PaperOutputs.ts"

/** What `release --json` prints. All of it is public. */
export const ReleaseReport = Schema.Struct({
  dataset: Schema.String,
  columns: Schema.Array(Schema.String),
  rank: Schema.Int,
  mechanism: Schema.String,
  neighbours: Neighbours,
  bound: Schema.Number,
  /** What eigenvalues were divided by: a public number of rows, or 1. */
  divisor: Schema.Number,
  kernels: KernelsName,
  epsilon: Schema.Number,
  delta: Schema.Number,
  rho: Schema.Number,
  statement: Schema.String,
  /** Standard deviations of the noise, divided like the eigenvalues. */
  diagonalScale: Schema.Number,
  offDiagonalScale: Schema.Number,
  certificate: LowRank.Certificate,
  /** The eigenvalues without what noise adds to them, over a null bulk. */
  shrunk: Schema.Array(Schema.Number),
  /** The rank with the widest gap of the noisy spectrum, 0 where none stands out, and how many eigenvalues are certainly positive. */
  chosenRank: Schema.Int,
  significant: Schema.Int,
  ledger: Schema.Struct({
    path: Schema.String,
    entry: Schema.Int,
    spentEpsilon: Schema.Number,
    budgetEpsilon: Schema.Number,
    budgetDelta: Schema.Number,
  }),
})
export type ReleaseReport = typeof ReleaseReport.Type

/** What `release --save` writes. */
export const SavedRelease = Schema.Struct({
  ...ReleaseReport.fields,
  /** Orthonormal rows, one a rank. */
  components: Schema.Array(Schema.Array(Schema.Number)),
  /** Rows of the lower triangle of the noisy matrix, not divided: every other rank is free. */
  noisyMatrix: Schema.Array(Schema.Array(Schema.Number)),
  /** Of a complex mechanism. */
  paper: Schema.optional(PaperOutputs),
})
export type SavedRelease = typeof SavedRelease.Type

/** The report of a release that a ledger paid for, and of what it shows. */
export const make = (
  noisy: NoisyScatter,
  { certificate, chosenRank, lowRank, shrunk, significant }: Components,
  options: {
    readonly account: Ledger.Account
    readonly columns: ReadonlyArray<string>
    /** A public number of rows, where there is one. */
    readonly divisor: Public.RowCount | undefined
    readonly kernels: KernelsName
  },
): ReleaseReport => {
  const { account, columns, divisor = 1, kernels } = options
  const { mechanism, privacy } = noisy
  const { budget, entry, spentEpsilon } = noisy.receipt!
  return {
    dataset: account.dataset,
    columns,
    rank: lowRank.values.length,
    mechanism: mechanism.name,
    neighbours: mechanism.neighbours,
    bound: mechanism.bound,
    divisor,
    kernels,
    epsilon: privacy.epsilon,
    delta: privacy.delta,
    rho: privacy.rho,
    statement: statement(noisy),
    diagonalScale: noisy.diagonalScale / divisor,
    offDiagonalScale: noisy.offDiagonalScale / divisor,
    certificate,
    shrunk,
    chosenRank,
    significant,
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
const digits = 4

/** An interval is printed no narrower than it is. */
const interval = ({ lower, upper }: { readonly lower: number; readonly upper: number }): string =>
  `[${Table.number(Decimal.floor(lower, digits))}, ${Table.number(Decimal.ceil(upper, digits))}]`

const upper = (bound: number): string => Table.number(Decimal.ceil(bound, digits))

export const render = (report: ReleaseReport): string => {
  const { certificate, columns, divisor, ledger, rank } = report
  const { eigenvalues, explained, failure, noiseNorm, projectorError, status } = certificate
  const share = { lower: 100 * explained.lower, upper: 100 * explained.upper }
  return [
    `${report.dataset}, rank ${rank} of ${columns.length}, ${report.mechanism} noise`,
    report.statement,
    `noise          norm at most ${upper(noiseNorm)}; every line below holds with probability ${Table.number(1 - failure)}`,
    ...eigenvalues.map(
      (value, k) =>
        `eigenvalue ${String(k + 1).padEnd(3)} ${Table.number(value.estimate)} in ${interval(value)}, shrunk ${Table.number(report.shrunk[k]!)}`,
    ),
    `explained      ${Table.number(100 * explained.estimate)} % of the trace, in ${interval(share)} %`,
    `subspace       ${status === "certified" ? `within ${upper(projectorError)} of the exact one (spectral distance of projectors)` : "no certified gap at this rank"}`,
    `rank           ${report.chosenRank === 0 ? "no gap stands out of the noise" : `the widest gap comes after ${report.chosenRank}`}; ${Table.plural(report.significant, "eigenvalue")} certainly positive`,
    ...(divisor > 1 && report.delta * divisor > 0.1
      ? [
          "caution        delta is above a tenth of 1 / rows: a mechanism that publishes a random row could pass; ask for a smaller delta",
        ]
      : []),
    `scale          ${divisor === 1 ? "sums over the rows" : `divided by ${Table.count(divisor)} rows`}`,
    `ledger         entry ${ledger.entry} of ${ledger.path}: ${Table.number(Decimal.ceil(ledger.spentEpsilon, 6))} of epsilon ${ledger.budgetEpsilon} spent at delta ${ledger.budgetDelta}`,
  ].join("\n")
}
