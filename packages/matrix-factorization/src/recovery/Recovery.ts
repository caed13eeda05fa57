import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import { flattestInterpolant, type FlattestInterpolant } from "../flatness/FlattestInterpolant.ts"
import * as Matrix from "../internal/Matrix.ts"
import { measure, type Measurements, type Normalised, normalised } from "../measurements/Measurements.ts"
import { minimiseNuclearNorm, type NuclearNormSolution } from "./NuclearNorm.ts"
import {
  type IsometryInterval,
  momentEigenvalues,
  rankOneCorrelation,
  rankOneInterval,
} from "../measurements/RestrictedIsometry.ts"
import * as Theory from "../theory/Theory.ts"
import { traceNorm } from "../flatness/TraceNorm.ts"

/** A low-rank matrix with given measurements, and all that is known of how good it is. */
export interface Recovery {
  /**
   * "certified": both problems were solved to the tolerance. "budget": one was not. "unseen": some row or column direction is not
   * measured, and only the nuclear norm was minimised. "inconsistent": no matrix has these measurements.
   */
  readonly status: "certified" | "budget" | "unseen" | "inconsistent"
  /** The interpolant of least nuclear norm. */
  readonly matrix: Float64Array
  /** Singular values above 1e-6 of the largest. */
  readonly rank: number
  readonly nuclear: NuclearNormSolution
  /** The flattest two-layer interpolant; absent where directions are unseen. */
  readonly flattest?: FlattestInterpolant
  /** `|X_nuclear - X_flattest|_F / |X_nuclear|_F`: where it is small, two different principles agree. */
  readonly disagreement?: number
  /** Estimated from inside: see `IsometryInterval`. */
  readonly isometry: IsometryInterval
  /** Of the measurements times `sqrt(2 / (lo + hi))`, estimated from below: see `rankOneCorrelation`. */
  readonly correlation: number
  /** There are as many independent measurements as entries: no other matrix has them. */
  readonly determined: boolean
  /**
   * If the correlation is what it was estimated to be, the truth M* lies within these times `|M*|_*` in the Frobenius norm of the two
   * matrices: `min(1, sqrt(correlation)) (1 + factor)`, where the duality gap bounds how much larger than the truth's the nuclear
   * norm of each is (M8; at 1 it is the triangle inequality). A determined matrix is off by its residual over the smallest
   * singular value only, which is no estimate. Infinity where the gap leaves everything open; absent for a matrix without the
   * measurements.
   */
  readonly errorBound?: { readonly nuclear: number; readonly flattest?: number }
}

interface Options {
  /** Relative duality gap; 1e-8 unless told. */
  readonly tolerance?: number
  /** Starts of the estimates of the isometry; 30 unless told. */
  readonly starts?: number
  readonly seed?: Seed.Seed
  readonly maxIterations?: number
}

/**
 * Certified low-rank recovery: the interpolants of least nuclear norm and of least sharpness, with duality gaps, the isometry of the
 * measurements, and the error that these imply. Never a bare matrix.
 *
 * Throws InvalidInput on targets of the wrong length or not finite.
 */
export const recover = (
  measurements: Measurements,
  targets: Float64Array,
  options: Options = {},
): Recovery => {
  const { seed = Seed.root("recover"), starts = 30, tolerance = 1e-8 } = options
  Require.positive("recover", "tolerance", tolerance)
  const { columns, rows } = measurements
  const solver = {
    tolerance,
    ...(options.maxIterations !== undefined && { maxIterations: options.maxIterations }),
  }
  const nuclear = minimiseNuclearNorm(measurements, targets, solver)
  const unit = normalised(measurements)
  const ends = rankOneInterval(unit.measurements, { starts, seed: seed.child("interval") })
  const correlation = correlationOf(unit.measurements, ends, {
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
    const size = Matrix.nuclearNorm(matrix, rows, columns)
    const factor = size === 0 ? 0 : over(size, nuclear.lowerBound)
    const distance = Theory.interpolantDistance(part, factor, 1)
    return Math.min(distance, over(rounding(matrix), nuclear.lowerBound))
  }
  return {
    status,
    matrix: nuclear.matrix,
    rank: Matrix.rank(Svd.singularValues(nuclear.matrix, rows, columns), 1e-6),
    nuclear,
    ...(flattest !== undefined && {
      flattest,
      disagreement:
        Vector.distance(nuclear.matrix, flattest.matrix) /
        Math.max(Vector.norm(nuclear.matrix), Number.MIN_VALUE),
    }),
    isometry: { ...ends, lo: ends.lo * unit.scale ** 2, hi: ends.hi * unit.scale ** 2 },
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

/** The quotient of two numbers that are not negative up to rounding; nothing is known where the second is not positive. */
const over = (a: number, b: number): number => (b > 0 ? a / b : Number.POSITIVE_INFINITY)

/** Of the best multiple of the measurements: that which has lo and hi equally far from 1. */
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

/** A bound on the distance of a matrix to the only one with these measurements, that of its residual and the rounding in it. */
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
    return over(Vector.norm(residual) + rounding, least)
  }
}

const statusOf = (
  nuclear: NuclearNormSolution,
  flattest: FlattestInterpolant | undefined,
): Recovery["status"] => {
  if (nuclear.status === "inconsistent") return "inconsistent"
  if (flattest === undefined) return "unseen"
  return nuclear.status === "certified" && flattest.status === "certified" ? "certified" : "budget"
}
