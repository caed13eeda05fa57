/** Report of `release`: noisy numbers, their error bounds and their privacy cost. */
import {
  GaussianPrivacy,
  type Ledger,
  LowRank,
  Neighbours,
  type NoisyScatter,
  type PaidScatter,
  type Public,
  statement,
} from "@nonconvex/dp-lowrank"
import type { components } from "@nonconvex/dp-lowrank/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as PaperOutputs from "./PaperOutputs.ts"
import * as UnitOfPrivacy from "./UnitOfPrivacy.ts"
import { SpentBudget } from "./SpentBudget.ts"

const Interval = LowRank.Certificate.fields.growth
type Interval = typeof Interval.Type

/**
 * Needed rows (`null` where their number is private) and needed epsilon for a last component ten times above the noise. Without
 * privacy, sampling requires `samplingRows` for the same, by a rule of thumb. With fewer than `leastRows`, no data with rows of
 * the bound's norm suffice.
 */
const Needed = Schema.Struct({
  rows: Schema.NullOr(Interval),
  epsilon: Interval,
  samplingRows: Interval,
  leastRows: Schema.Number,
})
type Needed = typeof Needed.Type

/** Coefficients of one column on the others, by name, and how much they explain: see `LowRank.regress`. */
const Regression = Schema.Struct({
  target: Schema.String,
  /** Number of directions of the other columns that were requested, and number that exceed the noise and are used. */
  asked: Schema.Int,
  rank: Schema.Int,
  coefficients: Schema.Record(Schema.String, Interval),
  /** Bound on the distance of all coefficients together from the exact ones of these directions, in units of the scales. */
  distance: Schema.Number,
  /** Share of the square of the target about its centre that the coefficients explain of the exact rows. */
  explained: Interval,
  /** Upper bound on the share that any coefficients explain, of any rank and without noise. */
  mostExplained: Schema.Number,
})

/** A private count of the rows, and its privacy cost. */
const Count = Schema.Struct({
  estimate: Schema.Int,
  lower: Schema.Int,
  upper: Schema.Int,
  epsilon: Schema.Number,
  /** Probability that the exact one is outside. */
  failure: Schema.Number,
})

/** JSON of `release`. All of it is public. */
export const ReleaseReport = Schema.Struct({
  dataset: Schema.String,
  columns: Schema.Array(Schema.String),
  rank: Schema.Int,
  mechanism: Schema.String,
  neighbours: Neighbours,
  unit: UnitOfPrivacy.Unit,
  bound: Schema.Number,
  /** Divisor of the eigenvalues: a public number of rows, or 1. */
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
  /** Loadings of each component by column name; the largest is positive. Their squares add up to 1. */
  loadings: Schema.Array(Schema.Record(Schema.String, Schema.Number)),
  needed: Needed,
  /**
   * With `--scale`: the public number by which each column was divided. Bound, eigenvalues and loadings are in units of the
   * scales; centre, coefficients, `inUnits` and the noisy matrix are in those of the file.
   */
  scales: Schema.optionalKey(Schema.Record(Schema.String, Schema.Number)),
  /** With `--scale`: the change of each column along each component, in its own units. */
  inUnits: Schema.optionalKey(Schema.Array(Schema.Record(Schema.String, Schema.Number))),
  /** Constant subtracted from every row, if not 0; and the treatment of cells without a value. */
  centre: Schema.NullOr(Schema.Array(Schema.Number)),
  missing: Schema.Literals(["refuse", "centre"]),
  /** The eigenvalues without the bias of the noise. */
  shrunk: Schema.Array(Schema.Number),
  /**
   * Rank with the widest gap of the noisy spectrum (0 if none exceeds the noise), and the number of eigenvalues that are
   * certainly positive.
   */
  chosenRank: Schema.Int,
  significant: Schema.Int,
  /** With `--count-epsilon`. Epsilon, delta and rho above then cover the release and the count together. */
  count: Schema.optionalKey(Count),
  /** With `--target`. */
  regression: Schema.optionalKey(Regression),
  ledger: SpentBudget,
})
export type ReleaseReport = typeof ReleaseReport.Type

/** JSON of `release --save`. */
export const SavedRelease = Schema.Struct({
  ...ReleaseReport.fields,
  /** Orthonormal rows, one a rank. */
  components: Schema.Array(Schema.Array(Schema.Number)),
  /** Rows of the lower triangle of the noisy matrix, not divided by the rows, in the units of the columns; every other rank can be computed from it at no cost. */
  noisyMatrix: Schema.Array(Schema.Array(Schema.Number)),
  /** Outputs of a complex mechanism. */
  paper: Schema.optional(PaperOutputs.PaperOutputs),
})
export type SavedRelease = typeof SavedRelease.Type

/** Components as rows; the sign of each makes its largest entry positive, since eigenvectors have no sign. */
export const directionsOf = ({
  dimension,
  vectors,
}: ReturnType<typeof components>["lowRank"]): ReadonlyArray<ReadonlyArray<number>> =>
  PaperOutputs.rowsOf(vectors, dimension).map((row) => {
    const largest = row.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0)
    return largest < 0 ? row.map((x) => -x) : row
  })

const map = (interval: Interval, change: (x: number) => number): Interval => ({
  estimate: change(interval.estimate),
  lower: change(interval.lower),
  upper: change(interval.upper),
})

/** Post-processing of the certificate, which does not read the rows again. */
const neededFor = (
  { mechanism, privacy }: NoisyScatter,
  { growth, legible, samplingRows }: LowRank.Certificate,
  divisor: number | undefined,
): Needed => ({
  rows: divisor === undefined ? null : map(growth, (factor) => factor * divisor),
  epsilon: map(growth, (factor) => {
    const mu = privacy.mu * factor
    return mu < largestMu ? GaussianPrivacy.epsilon(mu, privacy.delta) : Number.POSITIVE_INFINITY
  }),
  samplingRows,
  leastRows: (legible * (divisor ?? 1)) / (mechanism.bound * mechanism.bound),
})

/** Value of mu above which epsilon exceeds 5000, which is no protection. */
const largestMu = 100

const clamp = (value: number): number => Math.min(1, Math.max(0, value))

/** Share of a total that is removed, clipped to 0 and 1. */
const shareOf = (left: number, total: number): number =>
  total > 0 ? clamp(1 - left / total) : left > 0 ? 0 : 1

const regressionOf = (
  { asked, coefficients, distance, leastLeft, left, rank, target, total }: LowRank.Regression,
  columns: ReadonlyArray<string>,
  scale: Public.Scale | undefined,
): typeof Regression.Type => ({
  target: columns[target]!,
  asked,
  rank,
  coefficients: Object.fromEntries(
    columns.flatMap((name, j) => {
      if (j === target) return []
      const found = coefficients[j < target ? j : j - 1]!
      if (scale === undefined) return [[name, found] as const]
      return [[name, map(found, (x) => (x * scale[target]!) / scale[j]!)] as const]
    }),
  ),
  distance,
  explained: {
    estimate: shareOf(left.estimate, total.estimate),
    lower: shareOf(left.upper, total.lower),
    upper: shareOf(left.lower, total.upper),
  },
  mostExplained: shareOf(leastLeft, total.upper),
})

/** Report of a release that a ledger paid for, with its post-processing. */
export const make = (
  noisy: PaidScatter,
  {
    certificate,
    chosenRank,
    lowRank,
    regression,
    shrunk,
    significant,
  }: ReturnType<typeof components>,
  options: {
    readonly account: Ledger.Account
    readonly columns: ReadonlyArray<string>
    /** Declared rows per person, or the column whose name suggests a person. */
    readonly people: UnitOfPrivacy.People
    /** Public number of rows, if known. */
    readonly divisor: Public.RowCount | undefined
    readonly count: typeof Count.Type | undefined
    readonly kernels: KernelsName
    readonly centre: ReadonlyArray<number> | undefined
    readonly scale: Public.Scale | undefined
    readonly missing: "refuse" | "centre"
  },
): ReleaseReport => {
  const {
    account,
    centre = null,
    columns,
    count,
    divisor = 1,
    kernels,
    missing,
    people,
    scale,
  } = options
  const { mechanism, privacy } = noisy
  const { budget, entry, spentEpsilon } = noisy.receipt
  return {
    dataset: account.dataset,
    columns,
    rank: lowRank.values.length,
    mechanism: mechanism.name,
    neighbours: mechanism.neighbours,
    unit: UnitOfPrivacy.make(privacy, people),
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
    loadings: directionsOf(lowRank).map((row) =>
      Object.fromEntries(row.map((x, j) => [columns[j]!, x])),
    ),
    ...(scale !== undefined && {
      scales: Object.fromEntries(columns.map((name, j) => [name, scale[j]!])),
      inUnits: directionsOf(lowRank).map((row) =>
        Object.fromEntries(row.map((x, j) => [columns[j]!, x * scale[j]!])),
      ),
    }),
    needed: neededFor(noisy, certificate, options.divisor),
    centre,
    missing,
    shrunk,
    chosenRank,
    significant,
    ...(count !== undefined && { count }),
    ...(regression !== undefined && { regression: regressionOf(regression, columns, scale) }),
    ledger: {
      path: account.path,
      entry,
      spentEpsilon,
      budgetEpsilon: budget.epsilon,
      budgetDelta: budget.delta,
    },
  }
}
