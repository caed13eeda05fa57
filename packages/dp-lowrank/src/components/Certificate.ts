/**
 * Bounds on the error of the private answer, from public numbers only.
 *
 * The distribution of the noise is known. Its spectral norm is at most `noiseNorm` with probability 1 - failure / 2, and its
 * trace is within `traceError` with the same probability. The other bounds are Weyl's inequality, the sin-theta theorem and
 * |tr(P E)| <= k |E|. All intervals of a certificate hold simultaneously with probability 1 - failure over the noise. They are
 * about the matrix of the rows as they were clipped and rounded.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Schema from "effect/Schema"
import * as LowRank from "./LowRank.ts"
import { type Noisy, noiseNorm as normOf, requireNoisy } from "./Noisy.ts"
import * as DavisKahan from "../theory/DavisKahan.ts"

const Interval = Schema.Struct({
  estimate: Schema.Number,
  lower: Schema.Number,
  upper: Schema.Number,
})

/** Bounds on the top of the exact matrix: an estimate and an interval of each number. */
export const Certificate = Schema.Struct({
  /** Probability that any of the statements is false. */
  failure: Schema.Number,
  noiseNorm: Schema.Number,
  /** The top k, descending. */
  eigenvalues: Schema.Array(Interval),
  /** Bound on the spectral distance of the projectors, 1 if no bound is certified. */
  projectorError: Schema.Number,
  status: Schema.Literals(["certified", "no certified gap"]),
  /**
   * Share of the trace explained by the released subspace. The exact subspace explains at least that, and at most the upper
   * end.
   */
  explained: Interval,
  /**
   * Upper bound on the sine of the angle between each component and the exact one; 1 if it is not separated from its
   * neighbours.
   */
  directions: Schema.Array(Schema.Number),
  /** Smallest eigenvalue that is ten times the norm of the noise. */
  legible: Schema.Number,
  /**
   * Factor of rows needed at this noise to resolve the last eigenvalue. `samplingRows` are the rows needed without privacy for
   * the same distance from the sampling error, by a rule of thumb. Infinite if no bound is certified.
   */
  growth: Interval,
  samplingRows: Interval,
})
export type Certificate = typeof Certificate.Type

type Interval = typeof Interval.Type

const clamp = (value: number): number => Math.min(1, Math.max(0, value))

/** Ratio of a component to its error above which it is legible. */
const standing = 10

/** Interval of a / b for two nonnegative intervals. */
const ratio = (a: Interval, b: Interval): Interval => {
  const of = (x: number, y: number): number => (y > 0 ? x / y : Number.POSITIVE_INFINITY)
  return {
    estimate: of(a.estimate, b.estimate),
    lower: of(a.lower, b.upper),
    upper: of(a.upper, b.lower),
  }
}

const product = (a: Interval, b: Interval): Interval => ({
  estimate: a.estimate * b.estimate,
  lower: a.lower * b.lower,
  upper: a.upper * b.upper,
})

const exactly = (value: number): Interval => ({ estimate: value, lower: value, upper: value })

/** Interval of radius `error` around a number, clipped at 0. */
const around = (estimate: number, error: number): Interval => ({
  estimate: Math.max(0, estimate),
  lower: Math.max(0, estimate - error),
  upper: Math.max(0, estimate + error),
})

/**
 * Number of rows from which sampling error leaves the spectrum accurate to a tenth of its last eigenvalue. The error of a
 * covariance is about lambda_1 sqrt(r / n) with r = trace / lambda_1 (Koltchinskii and Lounici 2017, as recalled, without
 * constants).
 */
const samplingRows = (first: Interval, trace: Interval, last: Interval): Interval =>
  product(exactly(standing * standing), product(ratio(first, last), ratio(trace, last)))

/**
 * Certificate of the top `rank` components, whose statements hold simultaneously with probability 1 - `failure` (default
 * 0.05). In the units of the noisy matrix. Throws InvalidInput on a rank outside of 0..dimension and a failure probability
 * outside of (0, 1).
 *
 * @example
 * ```ts import.meta.vitest
 * import { LowRank } from "@nonconvex/dp-lowrank"
 *
 * const matrix = Float64Array.of(900, 0, 0, 10)
 * const noisy = { dimension: 2, matrix, diagonalScale: 6, offDiagonalScale: 6 / Math.SQRT2, grid: 0 }
 * LowRank.certify(noisy, 1).status // => "certified"
 * ```
 */
export const certify = (
  noisy: Noisy,
  rank: number,
  failure = 0.05,
  kernels: Kernels.Kernels = Kernels.standard(),
): Certificate => {
  requireNoisy("Certificate.certify", noisy)
  Require.count("Certificate.certify", "rank", rank, 0, noisy.dimension)
  Require.fraction("Certificate.certify", "failure", failure)
  const { diagonalScale, dimension: d, grid, matrix } = noisy
  const { residuals, values } = LowRank.topK(noisy, Math.min(rank + 1, d), kernels)
  const solver = residuals.reduce((a, b) => Math.max(a, b), 0)
  const noiseNorm = normOf(noisy, failure / 2) + solver
  const traceError = diagonalScale * Math.sqrt(2 * d * Elementary.log(4 / failure)) + 0.5 * grid * d
  const top = Array.from(values.subarray(0, rank))
  /** Gap between an eigenvalue and the next; infinite before the first and after the last. */
  const gapAfter = (k: number): number =>
    k < 0 || k + 1 === d ? Number.POSITIVE_INFINITY : values[k]! - values[k + 1]!
  const gap = gapAfter(rank - 1)
  const projectorError = Math.min(1, DavisKahan.projectorBound(noiseNorm, gap - noiseNorm))
  let trace = 0
  for (let i = 0; i < d; i++) trace += matrix[i * d + i]!
  const sum = top.reduce((a, b) => a + b, 0)
  // the exact matrix has no negative eigenvalue
  const eigenvalues = top.map((estimate) => around(estimate, noiseNorm))
  const last = eigenvalues.at(-1) ?? exactly(Number.POSITIVE_INFINITY)
  const legible = standing * noiseNorm
  const room = (k: number): number => Math.min(gapAfter(k - 1), gapAfter(k))
  const share = (numerator: number, denominator: number) =>
    denominator > 0 ? clamp(numerator / denominator) : numerator > 0 ? 1 : 0
  return {
    failure,
    noiseNorm,
    eigenvalues,
    projectorError,
    status: projectorError < 1 ? "certified" : "no certified gap",
    explained: {
      estimate: share(sum, trace),
      lower: clamp((sum - rank * noiseNorm) / Math.max(trace + traceError, Number.MIN_VALUE)),
      upper: trace > traceError ? share(sum + rank * noiseNorm, trace - traceError) : 1,
    },
    directions: top.map((_, k) => DavisKahan.projectorBound(noiseNorm, room(k) - noiseNorm)),
    legible,
    growth: ratio(exactly(legible), last),
    samplingRows: samplingRows(eigenvalues[0] ?? exactly(0), around(trace, traceError), last),
  }
}
