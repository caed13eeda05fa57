import { invalid, Require, Seed, Vector } from "@nonconvex/numerics"
import * as AugmentedLagrangian from "./AugmentedLagrangian.ts"
import { consistencyTolerance, largestResidual } from "./Constraints.ts"
import { UnseenDirections } from "./Failures.ts"
import * as Factorisation from "./Factorisation.ts"
import { flattestIsotropic, flattestTwoLayers } from "./Flattest.ts"
import * as Matrix from "./Matrix.ts"
import { measure, type Measurements } from "./Measurements.ts"
import { minimiseNuclearNorm, type NuclearNormSolution } from "./NuclearNorm.ts"
import { sharpness } from "./Sharpness.ts"
import { traceNorm } from "./TraceNorm.ts"

/** The flattest factorisation that has the measurements. */
export interface FlattestInterpolant {
  readonly matrix: Float64Array
  readonly shape: Factorisation.Shape
  /** Layers whose product it is. */
  readonly parameters: Float64Array
  /** T_1, ..., T_L: all equal at a flattest point. */
  readonly layers: Float64Array
  /** T, half the trace of the Hessian. */
  readonly sharpness: number
  /** No interpolant is flatter than this; for two layers only, where the problem is convex. */
  readonly lowerBound?: number
  /** The largest `|<A_i, M> - b_i|`, relative to the largest `|b_i|`. */
  readonly residual: number
  /** Starts that ended at an interpolant, and all starts. */
  readonly feasibleStarts: number
  readonly starts: number
  /**
   * "certified": two layers, with a duality gap within the tolerance. "local": the best of several starts, where nothing better
   * was found. "infeasible": no start reached an interpolant. "budget" and "inconsistent" as for the nuclear norm.
   */
  readonly status: "certified" | "local" | "infeasible" | "budget" | "inconsistent"
}

interface Options {
  /** 2 unless told. */
  readonly depth?: number
  /** Starts of the search for three layers or more; 3 unless told. */
  readonly starts?: number
  readonly seed?: Seed.Seed
  /** Relative duality gap for two layers; 1e-9 unless told. */
  readonly tolerance?: number
  readonly maxIterations?: number
}

/** Relative misfit at which a search has found an interpolant. */
const accepted = 1e-6

/**
 * The interpolant of least trace of the Hessian (algorithm 2.7): for two layers by convex minimisation of the weighted trace norm,
 * with a certificate; for more by an augmented Lagrangian from several starts.
 *
 * Throws UnseenDirections where some row or column direction is not measured, InvalidInput on bad options and targets.
 */
export const flattestInterpolant = (
  measurements: Measurements,
  targets: Float64Array,
  options: Options = {},
): FlattestInterpolant => {
  const { depth = 2, starts = 3 } = options
  const { columns, rows } = measurements
  Require.vector("flattestInterpolant", "targets", targets, measurements.count)
  Require.count("flattestInterpolant", "starts", starts)
  const shape = Factorisation.uniformShape(rows, columns, depth)
  const norm = traceNorm(measurements)
  if (norm.unseenRows + norm.unseenColumns > 0) {
    throw new UnseenDirections({ rows: norm.unseenRows, columns: norm.unseenColumns })
  }
  const { maxIterations, tolerance = 1e-9 } = options
  const weighted = minimiseNuclearNorm(
    measurements.sandwiched(norm.inverseLeft, norm.inverseRight),
    targets,
    { tolerance, ...(maxIterations !== undefined && { maxIterations }) },
  )
  const matrix = Matrix.multiply(
    Matrix.multiply(norm.inverseLeft, weighted.matrix, rows, rows, columns),
    norm.inverseRight,
    rows,
    columns,
    columns,
  )
  if (depth === 2 || weighted.status === "inconsistent") {
    return twoLayers(measurements, targets, shape, matrix, weighted)
  }
  const scale = Math.max(Vector.maxAbs(targets), Number.MIN_VALUE)
  const guess = flattestIsotropic(shape, matrix)
  const { best, feasible } = AugmentedLagrangian.searchAll(measurements, targets, shape, guess, {
    starts,
    seed: options.seed ?? Seed.root("flattestInterpolant"),
    feasibility: 1e-9 * scale,
    accept: accepted * scale,
  })
  return {
    matrix: Factorisation.endToEnd(shape, best.parameters),
    shape,
    parameters: best.parameters,
    layers: sharpness(measurements, shape).layers(best.parameters),
    sharpness: best.sharpness,
    residual: best.residual / scale,
    feasibleStarts: feasible,
    starts,
    status: feasible > 0 ? "local" : "infeasible",
  }
}

const misfit = (measurements: Measurements, matrix: Float64Array, targets: Float64Array) => {
  const residual = measure(measurements, matrix)
  Vector.axpy(-1, targets, residual)
  const scale = Vector.maxAbs(targets)
  return scale === 0 ? 0 : Vector.maxAbs(residual) / scale
}

const twoLayers = (
  measurements: Measurements,
  targets: Float64Array,
  shape: Factorisation.Shape,
  matrix: Float64Array,
  weighted: NuclearNormSolution,
): FlattestInterpolant => {
  const parameters =
    shape.depth === 2
      ? flattestTwoLayers(measurements, shape, matrix)
      : flattestIsotropic(shape, matrix)
  const layers = sharpness(measurements, shape).layers(parameters)
  // the certificate is that of the weighted matrix
  const fits = largestResidual(measurements, targets, matrix) <= consistencyTolerance
  return {
    matrix,
    shape,
    parameters,
    layers,
    sharpness: layers.reduce((sum, t) => sum + t, 0),
    ...(shape.depth === 2 && { lowerBound: 2 * weighted.lowerBound }),
    residual: misfit(measurements, matrix, targets),
    feasibleStarts: weighted.status === "inconsistent" ? 0 : 1,
    starts: 1,
    status: weighted.status === "certified" && !fits ? "budget" : weighted.status,
  }
}

/** Requires the same shape of both; for callers that bring their own layers. */
export const requireShape = (
  operation: string,
  measurements: Measurements,
  shape: Factorisation.Shape,
): void => {
  const { columns, rows } = measurements
  if (shape.rows !== rows || shape.columns !== columns) {
    invalid(operation, "the layers must multiply to a matrix of the size that is measured", {
      rows,
      columns,
      "shape.rows": shape.rows,
      "shape.columns": shape.columns,
    })
  }
}
