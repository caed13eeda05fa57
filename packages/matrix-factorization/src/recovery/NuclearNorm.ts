import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import { consistencyTolerance, constraints } from "./Constraints.ts"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { operatorNorm, shrinkage, trackedFrom, trackedShrinkage } from "./Shrinkage.ts"

interface Options {
  /** Relative duality gap at which to stop; default 1e-9. */
  readonly tolerance?: number
  /** Maximum number of iterations; default 20,000. */
  readonly maxIterations?: number
}

/** An interpolant, with a bound on the distance of its nuclear norm from the minimum. */
export interface NuclearNormSolution {
  /** rows x columns; interpolates up to rounding unless `status` is "inconsistent". */
  readonly matrix: Float64Array
  readonly nuclearNorm: number
  /** Lower bound on the nuclear norm of every interpolant: `<Y, X>` for the certificate Y and the matrix X. */
  readonly lowerBound: number
  /** `nuclearNorm - lowerBound`: at least 0 up to rounding; "certified" bounds its absolute value. */
  readonly gap: number
  /** Dual certificate Y, rows x columns: a combination of the measurements with operator norm at most 1. */
  readonly certificate: Float64Array
  /** Number of independent measurements; if it equals the number of entries, they determine the matrix. */
  readonly independent: number
  /** `|A(X) - b| / |b|` for the least-squares solution. */
  readonly inconsistency: number
  /**
   * Largest `|<A_i, X> - b_i|` relative to `|b_i|`, or to `1e-4 |A_i| |X|` if that is larger; above 1e-8 the measurements
   * contradict each other.
   */
  readonly residual: number
  readonly iterations: number
  /**
   * "certified": the gap is within the tolerance and the matrix interpolates. "budget": the iterations ran out; a small singular
   * value needs steps in proportion to its inverse. "inconsistent": no matrix has these measurements.
   */
  readonly status: "certified" | "budget" | "inconsistent"
}

/**
 * Decides whether to compute the gap, which takes two decompositions, after a step of this length relative to the matrix norm.
 */
type IsCheckDue = (iteration: number, moved: number) => boolean

/** The computations become rarer, so that they stay cheap. */
const scheduled = (): IsCheckDue => {
  let due = 10
  return (iteration) => {
    if (iteration < due) return false
    due = iteration + Math.max(10, Math.floor(iteration / 10))
    return true
  }
}

/** Computes the gap once the step is short enough for it to be within the tolerance, and at each halving after that. */
const whereNear = (tolerance: number, n: number): IsCheckDue => {
  let near = tolerance / Math.sqrt(n)
  return (_, moved) => {
    if (moved > near) return false
    near = moved / 2
    return true
  }
}

/** Relaxation of the splitting, within (0, 2); the fastest on average in our trials. */
const relaxation = 1.6

/**
 * Power of two by which targets are divided during the iteration, so that no square overflows or underflows; ordinary targets
 * keep their bits.
 */
const unitOf = (measurements: Measurements, targets: Float64Array): number => {
  const norms = measurements.norms()
  const ratios = targets.map((b, i) => (norms[i]! > 0 ? b / norms[i]! : 0))
  const largest = Vector.maxAbs(ratios)
  if (!(largest <= largestRatio)) {
    const at = ratios.findIndex((ratio) => Math.abs(ratio) === largest)
    invalid(
      "minimiseNuclearNorm",
      "no target may be more than 1e305 times the norm of its measurement; rescale them",
      { index: at, target: targets[at]!, norm: norms[at]! },
    )
  }
  return powerOfTwoNear(largest)
}

/** Largest ratio of a target to the norm of its measurement; beyond it the matrix would leave the range of float64. */
const largestRatio = 1e305

/**
 * Interpolant of least nuclear norm, by Douglas-Rachford splitting with a dual certificate (Lions and Mercier 1979, as
 * recalled). The certificate is ours (claim matrix-factorization/duality-gap). The status of the result shows whether the
 * tolerance was reached. The result does not depend on the scale of measurements and targets.
 *
 * Throws InvalidInput on bad options, and on targets that are too many or few, not finite, or above 1e305 times the norm of
 * their measurement.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completion, minimiseNuclearNorm } from "@nonconvex/matrix-factorization"
 *
 * const seen = completion({ rows: 2, columns: 2, entries: [[0, 0], [0, 1], [1, 0]] })
 * const { gap, nuclearNorm, status } = minimiseNuclearNorm(seen, Float64Array.of(4, 2, 2))
 * status // => "certified"
 * nuclearNorm.toFixed(6) // => "5.000000"
 * gap < 1e-8 // => true
 * ```
 */
export const minimiseNuclearNorm = (
  measurements: Measurements,
  targets: Float64Array,
  options: Options = {},
): NuclearNormSolution => {
  const { maxIterations = 20_000, tolerance = 1e-9 } = options
  Require.vector("minimiseNuclearNorm", "targets", targets, measurements.count)
  Require.positive("minimiseNuclearNorm", "tolerance", tolerance)
  Require.count("minimiseNuclearNorm", "maxIterations", maxIterations)
  const unit = unitOf(measurements, targets)
  const scaled = targets.map((b) => b / unit)
  const found = splitting(measurements, scaled, tolerance, maxIterations)
  return {
    ...found,
    matrix: found.matrix.map((value) => value * unit),
    nuclearNorm: found.nuclearNorm * unit,
    lowerBound: found.lowerBound * unit,
    gap: found.gap * unit,
  }
}

const splitting = (
  measurements: Measurements,
  targets: Float64Array,
  tolerance: number,
  maxIterations: number,
): NuclearNormSolution => {
  const { columns, given: kernels, rows } = measurements
  const space = constraints(measurements, targets)
  const { inconsistency, minimumNorm, project, rank: independent, residual } = space
  const scale = operatorNorm(minimumNorm, rows, columns, kernels)
  const misfit = residual(minimumNorm)
  if (misfit > consistencyTolerance || scale === 0) {
    const nuclearNorm = Matrix.nuclearNorm(minimumNorm, rows, columns, kernels)
    return {
      matrix: minimumNorm,
      nuclearNorm,
      lowerBound: 0,
      gap: nuclearNorm,
      certificate: new Float64Array(rows * columns),
      independent,
      inconsistency,
      residual: misfit,
      iterations: 0,
      status: misfit > consistencyTolerance ? "inconsistent" : "certified",
    }
  }
  const gamma = scale / 2
  const n = Math.min(rows, columns)
  const isTracked = n >= trackedFrom
  const { renew, shrink } = isTracked
    ? trackedShrinkage(rows, columns, kernels)
    : { renew: () => undefined, shrink: shrinkage(rows, columns, kernels) }
  const isCheckDue = isTracked ? whereNear(tolerance, n) : scheduled()
  const z = minimumNorm.slice()
  const x = z.slice()
  const reflected = z.slice()
  const y = new Float64Array(z.length)
  const solutionAfter = (iterations: number): NuclearNormSolution => {
    const certificate = x.slice()
    Vector.axpy(-1, z, certificate)
    const norm = operatorNorm(certificate, rows, columns, kernels)
    if (norm > 0) Vector.scale(1 / Math.max(gamma, norm), certificate)
    const nuclearNorm = Matrix.nuclearNorm(x, rows, columns, kernels)
    const lowerBound = Vector.dot(certificate, x)
    const gap = nuclearNorm - lowerBound
    const off = residual(x)
    // a gap below 0 by more than rounding is no proof either
    const proven = Math.abs(gap) <= tolerance * nuclearNorm && off <= consistencyTolerance
    return {
      matrix: x.slice(),
      nuclearNorm,
      lowerBound,
      gap,
      certificate,
      independent,
      inconsistency,
      residual: off,
      iterations,
      status: proven ? "certified" : "budget",
    }
  }
  for (let iteration = 1; ; iteration++) {
    x.set(z)
    project(x)
    const moved = Vector.distance(x, y) / Vector.norm(x)
    if (isCheckDue(iteration, moved) || iteration > maxIterations) {
      const found = solutionAfter(iteration - 1)
      if (found.status === "certified" || iteration > maxIterations) return found
      renew()
    }
    for (let k = 0; k < z.length; k++) reflected[k] = 2 * x[k]! - z[k]!
    shrink(reflected, gamma, y)
    for (let k = 0; k < z.length; k++) z[k]! += relaxation * (y[k]! - x[k]!)
  }
}
