import { Require, Seed, Svd, Vector } from "@nonconvex/numerics"
import { flattestInterpolant, type FlattestInterpolant } from "./FlattestInterpolant.ts"
import * as Matrix from "./Matrix.ts"
import type { Measurements } from "./Measurements.ts"
import { minimiseNuclearNorm, type NuclearNormSolution } from "./NuclearNorm.ts"
import { type IsometryInterval, rankOneCorrelation, rankOneInterval } from "./RestrictedIsometry.ts"
import * as Theory from "./Theory.ts"
import { traceNorm } from "./TraceNorm.ts"

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
  /** Estimated from below: see `rankOneCorrelation`. */
  readonly correlation: number
  /**
   * If [lo, hi] and the correlation are what they were estimated to be, the truth M* lies within these times `|M*|_*` in the
   * Frobenius norm of the two matrices (M7 and M8). Infinity where lo is 0.
   */
  readonly errorBound: { readonly nuclear: number; readonly flattest: number }
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
  const isometry = rankOneInterval(measurements, { starts, seed: seed.child("interval") })
  const correlation = rankOneCorrelation(measurements, { starts, seed: seed.child("correlation") })
  const norm = traceNorm(measurements)
  const seen = norm.unseenRows + norm.unseenColumns === 0
  const flattest = seen ? flattestInterpolant(measurements, targets, solver) : undefined
  const bound = (factor: number): number => Theory.interpolantDistance(correlation, factor, 1)
  return {
    status: statusOf(nuclear, flattest),
    matrix: nuclear.matrix,
    rank: Matrix.rank(Svd.singularValues(nuclear.matrix, rows, columns), 1e-6),
    nuclear,
    ...(flattest !== undefined && {
      flattest,
      disagreement:
        Vector.distance(nuclear.matrix, flattest.matrix) /
        Math.max(Vector.norm(nuclear.matrix), Number.MIN_VALUE),
    }),
    isometry,
    correlation,
    errorBound: {
      nuclear: bound(1),
      flattest: bound(Theory.nuclearNormFactor(2, isometry.lo, isometry.hi)),
    },
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
