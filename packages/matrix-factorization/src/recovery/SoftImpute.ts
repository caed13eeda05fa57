import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { proximalDescent, type RegularisedSolution } from "./ProximalDescent.ts"
import { operatorNorm, shrinkage } from "./Shrinkage.ts"

interface Options {
  /** lambda, the weight of the nuclear norm; at least 0. */
  readonly penalty: number
  /** Where to start, such as the solution for a larger penalty: rows x columns; default zeros. */
  readonly start?: Float64Array
  /** Duality gap to stop at, relative to the objective; default 1e-6. */
  readonly tolerance?: number
  /** Default 1,000. */
  readonly maxIterations?: number
}

/** Of `A A*`: exact where measurements do not overlap, else an upper estimate by its Ritz value. */
const largestEigenvalue = (measurements: Measurements): number => {
  const { columns, count, eigenvalues, rows } = measurements
  if (eigenvalues !== undefined) return Vector.maxAbs(eigenvalues)
  const size = rows * columns
  const wide = count <= size
  const between = new Float64Array(wide ? size : count)
  const operator = (v: Float64Array, out: Float64Array): void => {
    if (wide) {
      measurements.adjoint(v, between)
      measurements.apply(between, out)
    } else {
      measurements.apply(v, between)
      measurements.adjoint(between, out)
    }
  }
  const { residuals, values } = Lanczos.topEigenpairs(operator, {
    dimension: Math.min(count, size),
    count: 1,
    seed: Seed.root("smoothness"),
    tolerance: 1e-6,
    kernels: measurements.given,
  })
  return values[0]! + residuals[0]!
}

/** The penalty from which on the solution of `softImpute` is 0: the operator norm of `A*(b)`. */
export const largestPenalty = (measurements: Measurements, targets: Float64Array): number => {
  const { columns, given, rows } = measurements
  const back = new Float64Array(rows * columns)
  measurements.adjoint(targets, back)
  return operatorNorm(back, rows, columns, given)
}

/**
 * Least squares with the nuclear norm as a penalty, `|A(X) - b|^2 / 2 + lambda |X|_*`, with a duality gap to stop by: soft-impute where
 * the measurements are single entries (Mazumder, Hastie and Tibshirani 2010, as recalled), with the momentum of Beck and Teboulle 2009.
 *
 * Throws InvalidInput on targets or a start of another length or not finite, and on bad options.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completion, largestPenalty, softImpute } from "@nonconvex/matrix-factorization"
 *
 * const seen = completion({ rows: 1, columns: 2, entries: [[0, 0], [0, 1]] })
 * const targets = Float64Array.of(3, 4)
 * largestPenalty(seen, targets).toFixed(6) // => "5.000000"
 * // the singular value 5 less the penalty
 * const { matrix } = softImpute(seen, targets, { penalty: 1 })
 * Array.from(matrix, (x) => x.toFixed(3)) // => ["2.400", "3.200"]
 * ```
 */
export const softImpute = (
  measurements: Measurements,
  targets: Float64Array,
  options: Options,
): RegularisedSolution => {
  const { maxIterations = 1000, penalty, start, tolerance = 1e-6 } = options
  const { columns, count, rows } = measurements
  const size = rows * columns
  Require.vector("softImpute", "targets", targets, count)
  Require.nonNegative("softImpute", "penalty", penalty)
  Require.positive("softImpute", "tolerance", tolerance)
  Require.count("softImpute", "maxIterations", maxIterations)
  if (start !== undefined) Require.vector("softImpute", "start", start, size)
  // the second keeps a penalty in range beside which the targets are nothing
  const unit = powerOfTwoNear(Math.max(Vector.maxAbs(targets), 2 ** -500 * penalty))
  const steepest = largestEigenvalue(measurements)
  const shrink = shrinkage(rows, columns, measurements.given)
  let rank = 0
  const found = proximalDescent({
    measurements,
    targets: targets.map((b) => b / unit),
    penalty: penalty / unit,
    start: start?.map((x) => x / unit) ?? new Float64Array(size),
    // where nothing is measured any step does
    step: steepest > 0 ? 1 / steepest : 1,
    shrink: (z, threshold, out) => {
      rank = shrink(z, threshold, out)
    },
    nuclearNorm: (x) => Matrix.nuclearNorm(x, rows, columns, measurements.given),
    tolerance,
    maxIterations,
    checkEvery: 10,
  })
  return {
    ...found,
    rank,
    matrix: found.matrix.map((x) => x * unit),
    objective: found.objective * unit * unit,
    lowerBound: found.lowerBound * unit * unit,
    gap: found.gap * unit * unit,
  }
}
