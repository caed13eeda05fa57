import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as AugmentedLagrangian from "./AugmentedLagrangian.ts"
import { consistencyTolerance, largestResidual } from "../recovery/Constraints.ts"
import { UnseenDirections } from "../measurements/UnseenDirections.ts"
import * as Factorisation from "../factorisation/Factorisation.ts"
import { flattestIsotropic, flattestTwoLayers } from "./Flattest.ts"
import * as Matrix from "../internal/Matrix.ts"
import { measure, type Measurements, normalised } from "../measurements/Measurements.ts"
import { minimiseNuclearNorm, type NuclearNormSolution } from "../recovery/NuclearNorm.ts"
import { sharpness } from "./Sharpness.ts"
import { operatorNorm } from "../recovery/Shrinkage.ts"
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
  const unit = normalised(measurements)
  const norm = traceNorm(unit.measurements)
  if (norm.unseenRows + norm.unseenColumns > 0) {
    throw new UnseenDirections({ rows: norm.unseenRows, columns: norm.unseenColumns })
  }
  const { maxIterations, tolerance = 1e-9 } = options
  const scaled = targets.map((b) => b / unit.scale)
  const weighted = minimiseNuclearNorm(
    unit.measurements.sandwiched(norm.inverseLeft, norm.inverseRight),
    scaled,
    { tolerance, ...(maxIterations !== undefined && { maxIterations }) },
  )
  const matrix = Matrix.multiply(
    Matrix.multiply(norm.inverseLeft, weighted.matrix, rows, rows, columns),
    norm.inverseRight,
    rows,
    columns,
    columns,
  )
  const found =
    depth === 2 || weighted.status === "inconsistent"
      ? twoLayers(unit.measurements, scaled, shape, matrix, weighted)
      : deeper(unit.measurements, scaled, shape, matrix, {
          starts,
          seed: options.seed ?? Seed.root("flattestInterpolant"),
        })
  const square = unit.scale ** 2
  return {
    ...found,
    layers: found.layers.map((t) => t * square),
    sharpness: found.sharpness * square,
    ...(found.lowerBound !== undefined && { lowerBound: found.lowerBound * square }),
  }
}

/** By search, from layers of the two-layer solution and others, in units in which that has an operator norm of about 1. */
const deeper = (
  measurements: Measurements,
  targets: Float64Array,
  shape: Factorisation.Shape,
  matrix: Float64Array,
  options: { readonly starts: number; readonly seed: Seed.Seed },
): FlattestInterpolant => {
  const { columns, depth, rows } = shape
  const unit = Factorisation.layerUnit(depth, operatorNorm(matrix, rows, columns))
  const whole = unit ** depth
  const scaled = targets.map((b) => b / whole)
  const scale = Vector.maxAbs(scaled)
  const guess = flattestIsotropic(
    shape,
    matrix.map((x) => x / whole),
  )
  const { best, feasible } = AugmentedLagrangian.searchAll(measurements, scaled, shape, guess, {
    ...options,
    feasibility: 1e-9 * scale,
    accept: accepted * scale,
  })
  const parameters = best.parameters.map((w) => w * unit)
  const layers = sharpness(measurements, shape).layers(parameters)
  return {
    matrix: Factorisation.endToEnd(shape, parameters),
    shape,
    parameters,
    layers,
    sharpness: layers.reduce((sum, t) => sum + t, 0),
    residual: scale === 0 ? best.residual : best.residual / scale,
    feasibleStarts: feasible,
    starts: options.starts,
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
