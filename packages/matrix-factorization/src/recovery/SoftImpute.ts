import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { operatorNorm, shrinkage } from "./Shrinkage.ts"

/** A minimiser of `|A(X) - b|^2 / 2 + lambda |X|_*`, with a bound on its distance from the minimum. */
export interface RegularisedSolution {
  /** rows x columns. */
  readonly matrix: Float64Array
  /** 0 or Infinity if `|b|^2` underflows or overflows; the same holds for bound and gap, but not for matrix and status. */
  readonly objective: number
  /** Lower bound on the objective over all matrices. */
  readonly lowerBound: number
  /** `objective - lowerBound`. */
  readonly gap: number
  readonly rank: number
  readonly iterations: number
  /** "certified": the gap is within the tolerance. "budget": the iterations ran out before. */
  readonly status: "certified" | "budget"
}

interface Options {
  /** lambda, the weight of the nuclear norm; at least 0. */
  readonly penalty: number
  /** Starting point, rows x columns, such as the solution for a larger penalty; default zeros. */
  readonly start?: Float64Array
  /** Relative duality gap at which to stop; default 1e-6. */
  readonly tolerance?: number
  /** Maximum number of iterations; default 1,000. */
  readonly maxIterations?: number
}

/** Largest eigenvalue of `A A*`: exact if measurements are disjoint, otherwise an upper estimate from its Ritz value. */
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

/** Penalty from which on the solution of `softImpute` is 0: the operator norm of `A*(b)`. */
export const largestPenalty = (measurements: Measurements, targets: Float64Array): number => {
  const { columns, given, rows } = measurements
  const back = new Float64Array(rows * columns)
  measurements.adjoint(targets, back)
  return operatorNorm(back, rows, columns, given)
}

/**
 * Least squares with the nuclear norm as penalty, `|A(X) - b|^2 / 2 + lambda |X|_*`; the duality gap is the stopping rule. For
 * single entries it is soft-impute (Mazumder, Hastie and Tibshirani 2010, as recalled), with the momentum of Beck and Teboulle
 * 2009.
 *
 * Throws InvalidInput on targets or a start of another length or not finite, and on bad options.
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
  const found = descend(
    measurements,
    targets.map((b) => b / unit),
    penalty / unit,
    start?.map((x) => x / unit) ?? new Float64Array(size),
    { tolerance, maxIterations },
  )
  return {
    ...found,
    matrix: found.matrix.map((x) => x * unit),
    objective: found.objective * unit * unit,
    lowerBound: found.lowerBound * unit * unit,
    gap: found.gap * unit * unit,
  }
}

/** Iterations between two computations of the gap. */
const checkEvery = 10

/**
 * Accelerated proximal gradients (Beck and Teboulle 2009), restarted if the momentum points uphill (O'Donoghue and Candès 2015;
 * both as recalled). They end by the duality gap. Targets must have size about 1.
 */
const descend = (
  measurements: Measurements,
  targets: Float64Array,
  penalty: number,
  start: Float64Array,
  { maxIterations, tolerance }: Required<Pick<Options, "maxIterations" | "tolerance">>,
): RegularisedSolution => {
  const { columns, count, given: kernels, rows } = measurements
  const size = rows * columns
  const steepest = largestEigenvalue(measurements)
  // where nothing is measured any step does
  const step = steepest > 0 ? 1 / steepest : 1
  const shrink = shrinkage(rows, columns, kernels)
  const residual = new Float64Array(count)
  const slope = new Float64Array(size)
  const ahead = start.slice()
  let x = start
  let next: Float64Array = new Float64Array(size)
  let momentum = 1
  let rank = 0

  const solutionAfter = (iterations: number): RegularisedSolution => {
    measurements.residualAndAdjoint(undefined, x, targets, 1, residual, slope)
    const norm = operatorNorm(slope, rows, columns, kernels)
    // -s (A(X) - b) is feasible for the dual problem
    const s = norm > penalty ? penalty / norm : 1
    const square = Vector.dot(residual, residual)
    const objective = square / 2 + penalty * Matrix.nuclearNorm(x, rows, columns, kernels)
    const lowerBound = -s * Vector.dot(residual, targets) - (s * s * square) / 2
    const gap = objective - lowerBound
    return {
      matrix: x.slice(),
      objective,
      lowerBound,
      gap,
      rank,
      iterations,
      status: Math.abs(gap) <= tolerance * objective ? "certified" : "budget",
    }
  }

  for (let iteration = 1; ; iteration++) {
    measurements.residualAndAdjoint(undefined, ahead, targets, 1, residual, slope)
    for (let k = 0; k < size; k++) slope[k] = ahead[k]! - step * slope[k]!
    rank = shrink(slope, step * penalty, next)
    let uphill = 0
    for (let k = 0; k < size; k++) uphill += (ahead[k]! - next[k]!) * (next[k]! - x[k]!)
    const grown = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2
    const factor = uphill > 0 ? 0 : (momentum - 1) / grown
    momentum = grown
    for (let k = 0; k < size; k++) ahead[k] = next[k]! + factor * (next[k]! - x[k]!)
    ;[x, next] = [next, x]
    if (iteration % checkEvery === 0 || iteration === maxIterations) {
      const found = solutionAfter(iteration)
      if (found.status === "certified" || iteration === maxIterations) return found
    }
  }
}
