import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import { flattestInterpolant, type FlattestInterpolant } from "../flatness/FlattestInterpolant.ts"
import * as Matrix from "../internal/Matrix.ts"
import {
  measure,
  type Measurements,
  type Normalised,
  normalised,
} from "../measurements/Measurements.ts"
import { minimiseNuclearNorm, type NuclearNormSolution } from "./NuclearNorm.ts"
import {
  type IsometryInterval,
  momentEigenvalues,
  rankOneCorrelation,
  rankOneInterval,
} from "../measurements/RestrictedIsometry.ts"
import * as Theory from "../theory/Theory.ts"
import { traceNorm } from "../flatness/TraceNorm.ts"

/** A low-rank matrix with given measurements, and bounds on its error. */
export interface Recovery {
  /**
   * "certified": both problems were solved to the tolerance. "budget": one of them was not. "unseen": some row or column
   * direction is not measured, so only the nuclear norm was minimised. "inconsistent": no matrix has these measurements.
   */
  readonly status: "certified" | "budget" | "unseen" | "inconsistent"
  /** Interpolant of least nuclear norm, rows x columns. */
  readonly matrix: Float64Array
  /** Number of singular values above 1e-6 of the largest. */
  readonly rank: number
  readonly nuclear: NuclearNormSolution
  /** Flattest two-layer interpolant; absent if some directions are unseen. */
  readonly flattest?: FlattestInterpolant
  /** `|X_nuclear - X_flattest|_F / |X_nuclear|_F`; if it is small, two different principles agree. */
  readonly disagreement?: number
  /** Inner estimate; see `IsometryInterval`. */
  readonly isometry: IsometryInterval
  /** Correlation of the measurements times `sqrt(2 / (lo + hi))`, estimated from below; see `rankOneCorrelation`. */
  readonly correlation: number
  /** True if there are as many independent measurements as entries, so that they determine the matrix. */
  readonly determined: boolean
  /**
   * Bound on the Frobenius distance of the true matrix M* from each of the two matrices, in units of `|M*|_*`. It assumes that
   * the estimated correlation is correct. It is `min(1, sqrt(correlation)) (1 + factor)`. The duality gap bounds the factor by
   * which the nuclear norm of the matrix exceeds that of the true one (`Theory.interpolantDistance`). At a correlation of 1 it
   * is the triangle inequality. The error of a determined matrix is bounded by its residual over the least singular value alone.
   * Infinity if the gap gives no bound; absent if no matrix has the measurements.
   */
  readonly errorBound?: { readonly nuclear: number; readonly flattest?: number }
}

interface Options {
  /** Relative duality gap for both problems; default 1e-8. */
  readonly tolerance?: number
  /** Starts of the isometry estimates; default 30. */
  readonly starts?: number
  /** Seed of those starts; default a fixed seed. */
  readonly seed?: Seed.Seed
  /** Maximum number of iterations of each problem; default 20,000. */
  readonly maxIterations?: number
}

/**
 * Certified low-rank recovery. It returns the interpolants of least nuclear norm and of least two-layer sharpness, with duality
 * gaps, the isometry of the measurements, and the implied error. Ours; claims matrix-factorization/recovery-rate and
 * matrix-factorization/nuclear-distortion. It never returns a matrix alone.
 *
 * Throws InvalidInput on targets of another length or not finite, and on bad options.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completion, recover } from "@nonconvex/matrix-factorization"
 *
 * const entries = [[0, 0], [0, 1], [1, 0]] as const
 * const { matrix, status } = recover(completion({ rows: 2, columns: 2, entries }), Float64Array.of(4, 2, 2))
 * status // => "certified"
 * matrix[3]!.toFixed(6) // => "1.000000"
 * ```
 */
export const recover = (
  measurements: Measurements,
  targets: Float64Array,
  options: Options = {},
): Recovery => {
  const { seed = Seed.root("recover"), starts = 30, tolerance = 1e-8 } = options
  Require.positive("recover", "tolerance", tolerance)
  const { columns, given: kernels, rows } = measurements
  const solver = {
    tolerance,
    ...(options.maxIterations !== undefined && { maxIterations: options.maxIterations }),
  }
  const nuclear = minimiseNuclearNorm(measurements, targets, solver)
  const unit = normalised(measurements)
  const interval = rankOneInterval(unit.measurements, { starts, seed: seed.child("interval") })
  const correlation = correlationOf(unit.measurements, interval, {
    starts,
    seed: seed.child("correlation"),
  })
  const norm = traceNorm(unit.measurements)
  const seen = norm.unseenRows + norm.unseenColumns === 0
  const flattest = seen ? flattestInterpolant(measurements, targets, solver) : undefined
  const status = statusOf(nuclear, flattest)
  const determined = nuclear.independent === rows * columns
  const rounding = determined ? roundingOf(unit, targets) : () => Number.POSITIVE_INFINITY
  const bound = (matrix: Float64Array): number => {
    const part = Math.min(1, correlation)
    const size = Matrix.nuclearNorm(matrix, rows, columns, kernels)
    const factor = size === 0 ? 0 : quotient(size, nuclear.lowerBound)
    const distance = Theory.interpolantDistance(part, factor, 1)
    return Math.min(distance, quotient(rounding(matrix), nuclear.lowerBound))
  }
  return {
    status,
    matrix: nuclear.matrix,
    rank: Matrix.rank(Svd.singularValues(nuclear.matrix, rows, columns, kernels), 1e-6),
    nuclear,
    ...(flattest !== undefined && {
      flattest,
      disagreement:
        Vector.distance(nuclear.matrix, flattest.matrix) /
        Math.max(Vector.norm(nuclear.matrix), Number.MIN_VALUE),
    }),
    isometry: {
      ...interval,
      lo: interval.lo * (unit.scale * unit.scale),
      hi: interval.hi * (unit.scale * unit.scale),
    },
    correlation,
    determined,
    ...(status !== "inconsistent" && {
      errorBound: {
        nuclear: bound(nuclear.matrix),
        ...(flattest !== undefined && { flattest: bound(flattest.matrix) }),
      },
    }),
  }
}

/**
 * Quotient of two numbers that are nonnegative up to rounding; Infinity if the second is not positive, because nothing is known
 * then.
 */
const quotient = (a: number, b: number): number => (b > 0 ? a / b : Number.POSITIVE_INFINITY)

/** Correlation of the best multiple of the measurements, for which lo and hi are equally far from 1. */
const correlationOf = (
  measurements: Measurements,
  { hi, lo }: IsometryInterval,
  options: { readonly starts: number; readonly seed: Seed.Seed },
): number => {
  const middle = (lo + hi) / 2
  const factor = middle > 0 ? 1 / Math.sqrt(middle) : 1
  const factors = new Float64Array(measurements.count).fill(factor)
  return rankOneCorrelation(measurements.scaled(factors), options)
}

/**
 * Bound on the distance of a matrix from the only one with these measurements, by its residual and the rounding error of that.
 */
const roundingOf = (
  { measurements, scale }: Normalised,
  targets: Float64Array,
): ((matrix: Float64Array) => number) => {
  const { count } = measurements
  const values = momentEigenvalues(measurements)
  const least =
    values[0]! > Matrix.nullTolerance * values.at(-1)! ? Math.sqrt(count * values[0]!) : 0
  const norm = Vector.norm(measurements.norms())
  return (matrix) => {
    const residual = measure(measurements, matrix)
    Vector.axpy(-1 / scale, targets, residual)
    const rounding = 2 ** -52 * matrix.length * norm * Vector.norm(matrix)
    return quotient(Vector.norm(residual) + rounding, least)
  }
}

const statusOf = (nuclear: NuclearNormSolution, flattest: FlattestInterpolant | undefined) => {
  if (nuclear.status === "inconsistent") return "inconsistent"
  if (flattest === undefined) return "unseen"
  return nuclear.status === "certified" && flattest.status === "certified" ? "certified" : "budget"
}
