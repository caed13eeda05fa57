import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { operatorNorm, shrinkage } from "./Shrinkage.ts"

interface Options {
  /** lambda, the weight of the nuclear norm. */
  readonly penalty: number
  /** Where to start: the solution for a larger penalty. Zero unless told. */
  readonly start?: Float64Array
  /** Duality gap to stop at, relative to the objective; 1e-6 unless told. */
  readonly tolerance?: number
  /** 1,000 unless told. */
  readonly maxIterations?: number
}

/** A minimiser of `|A(X) - b|^2 / 2 + lambda |X|_*`, with the proof of how far it is from the least. */
export interface RegularisedSolution {
  readonly matrix: Float64Array
  /** Like bound and gap 0 or Infinity where `|b|^2` is out of range; matrix and status are not affected. */
  readonly objective: number
  /** No matrix has a smaller objective than this. */
  readonly lowerBound: number
  readonly gap: number
  readonly rank: number
  readonly iterations: number
  readonly status: "certified" | "budget"
}

/** The largest eigenvalue of A A*: that of a block where measurements do not overlap, else an upper estimate by its Ritz value. */
const smoothness = (measurements: Measurements): number => {
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
  })
  return values[0]! + residuals[0]!
}

/** The penalty from which on the solution is 0: the operator norm of `A*(b)`. */
export const largestPenalty = (measurements: Measurements, targets: Float64Array): number => {
  const back = new Float64Array(measurements.rows * measurements.columns)
  measurements.adjoint(targets, back)
  return operatorNorm(back, measurements.rows, measurements.columns)
}

/**
 * Least squares with the nuclear norm as a penalty, by accelerated proximal gradients with restarts (soft-impute of Mazumder, Hastie
 * and Tibshirani 2010 for a completion, as recalled, with the momentum of Beck and Teboulle 2009), and a duality gap to stop by.
 *
 * Throws InvalidInput on targets or a start of the wrong length and on bad options.
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
  const found = proximal(
    measurements,
    targets.map((b) => b / unit),
    {
      penalty: penalty / unit,
      start: start?.map((x) => x / unit) ?? new Float64Array(size),
      tolerance,
      maxIterations,
    },
  )
  return {
    ...found,
    matrix: found.matrix.map((x) => x * unit),
    objective: found.objective * unit * unit,
    lowerBound: found.lowerBound * unit * unit,
    gap: found.gap * unit * unit,
  }
}

/** For targets of about 1: no square of theirs leaves the range of float64. */
const proximal = (
  measurements: Measurements,
  targets: Float64Array,
  { maxIterations, penalty, start, tolerance }: Required<Options>,
): RegularisedSolution => {
  const { columns, count, rows } = measurements
  const size = rows * columns
  const steepest = smoothness(measurements)
  // where nothing is measured any step does
  const step = steepest > 0 ? 1 / steepest : 1
  const shrink = shrinkage(rows, columns)
  const residual = new Float64Array(count)
  const slope = new Float64Array(size)
  let x = start.slice()
  let previous = x.slice()
  const ahead = x.slice()
  const next = x.slice()
  let momentum = 1

  const look = (iterations: number): RegularisedSolution => {
    measurements.residualAndAdjoint(undefined, x, targets, 1, residual, slope)
    const norm = operatorNorm(slope, rows, columns)
    // -s (A(X) - b) is feasible for the dual problem
    const s = norm > penalty ? penalty / norm : 1
    const square = Vector.dot(residual, residual)
    const objective = square / 2 + penalty * Matrix.nuclearNorm(x, rows, columns)
    const lowerBound = -s * Vector.dot(residual, targets) - (s * s * square) / 2
    return {
      matrix: x.slice(),
      objective,
      lowerBound,
      gap: objective - lowerBound,
      rank: 0,
      iterations,
      status: Math.abs(objective - lowerBound) <= tolerance * objective ? "certified" : "budget",
    }
  }
  let rank = 0
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    measurements.residualAndAdjoint(undefined, ahead, targets, 1, residual, slope)
    for (let k = 0; k < size; k++) slope[k] = ahead[k]! - step * slope[k]!
    rank = shrink(slope, step * penalty, next)
    let turned = 0
    for (let k = 0; k < size; k++) turned += (ahead[k]! - next[k]!) * (next[k]! - x[k]!)
    const grown = turned > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2
    const factor = turned > 0 ? 0 : (momentum - 1) / grown
    momentum = grown
    ;[previous, x] = [x, previous]
    x.set(next)
    for (let k = 0; k < size; k++) ahead[k] = x[k]! + factor * (x[k]! - previous[k]!)
    if (iteration % 10 === 0 || iteration === maxIterations) {
      const found = look(iteration)
      if (found.status === "certified") return { ...found, rank }
    }
  }
  return { ...look(maxIterations), rank }
}
