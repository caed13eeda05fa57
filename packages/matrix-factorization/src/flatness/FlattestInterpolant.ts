import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as AugmentedLagrangian from "./AugmentedLagrangian.ts"
import { consistencyTolerance, largestResidual } from "../recovery/Constraints.ts"
import * as Factorisation from "../factorisation/Factorisation.ts"
import { layerUnit } from "../factorisation/Products.ts"
import { flattestIsotropic, flattestTwoLayers } from "./Flattest.ts"
import * as Matrix from "../internal/Matrix.ts"
import { measure, type Measurements, normalised } from "../measurements/Measurements.ts"
import { minimiseNuclearNorm, type NuclearNormSolution } from "../recovery/NuclearNorm.ts"
import { sharpness } from "./Sharpness.ts"
import { operatorNorm } from "../recovery/Shrinkage.ts"
import { traceNorm, UnseenDirections } from "./TraceNorm.ts"

/** Flattest factorisation whose product has the given measurements. */
export interface FlattestInterpolant {
  /** rows x columns. */
  readonly matrix: Float64Array
  readonly shape: Factorisation.Shape
  /** Layers with this product. */
  readonly parameters: Float64Array
  /** T_1, ..., T_L: all equal at a flattest point. */
  readonly layers: Float64Array
  /** T, half the trace of the Hessian. */
  readonly sharpness: number
  /** Lower bound for all interpolants; only for two layers, for which the problem is convex. */
  readonly lowerBound?: number
  /** The largest `|<A_i, M> - b_i|`, relative to the largest `|b_i|`. */
  readonly residual: number
  /** Starts that ended at an interpolant, and all starts. */
  readonly feasibleStarts: number
  readonly starts: number
  /**
   * "certified": two layers, with a duality gap within the tolerance. "local": the best of several starts, a local minimum.
   * "infeasible": no start reached an interpolant. "budget" and "inconsistent": as for the nuclear norm.
   */
  readonly status: "certified" | "local" | "infeasible" | "budget" | "inconsistent"
}

interface Options {
  /** Layers, from 2; default 2. */
  readonly depth?: number
  /** Starts of the search in three layers or more; default 3. */
  readonly starts?: number
  /** Seed of the starts; default a fixed one. */
  readonly seed?: Seed.Seed
  /** Duality gap of two layers relative to the sharpness; default 1e-9. */
  readonly tolerance?: number
  /** Iterations of the convex problem; default 20,000. */
  readonly maxIterations?: number
}

/** Relative misfit up to which the result of a search counts as an interpolant. */
const accepted = 1e-6

/**
 * Matrix with these measurements whose layers have the smallest trace of the Hessian (the paper's object of study). For two
 * layers it comes from convex minimisation of the weighted trace norm, with a certificate. For more layers it comes from an
 * augmented Lagrangian and several starts. Both algorithms are ours.
 *
 * Throws UnseenDirections if some row or column direction is not measured, and InvalidInput on bad options and on targets of
 * another number or not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completion, flattestInterpolant } from "@nonconvex/matrix-factorization"
 *
 * const seen = completion({ rows: 2, columns: 2, entries: [[0, 1], [1, 0], [1, 1]] })
 * // [[?, 1], [1, 0]]: gradient descent from a small start sends the hidden entry to infinity, flatness to 0
 * const found = flattestInterpolant(seen, Float64Array.of(1, 1, 0))
 * found.status // => "certified"
 * Math.abs(found.matrix[0]!) < 1e-6 // => true
 * ```
 */
export const flattestInterpolant = (
  measurements: Measurements,
  targets: Float64Array,
  options: Options = {},
): FlattestInterpolant => {
  const { depth = 2, starts = 3 } = options
  const { columns, given: kernels, rows } = measurements
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
  const { inverseLeft, inverseRight } = norm
  const matrix = Matrix.sandwich(inverseLeft, weighted.matrix, inverseRight, rows, columns, kernels)
  const found =
    depth === 2 || weighted.status === "inconsistent"
      ? convex(unit.measurements, scaled, shape, matrix, weighted)
      : searched(unit.measurements, scaled, shape, matrix, {
          starts,
          seed: options.seed ?? Seed.root("flattestInterpolant"),
        })
  const square = unit.scale * unit.scale
  return {
    ...found,
    layers: found.layers.map((t) => t * square),
    sharpness: found.sharpness * square,
    ...(found.lowerBound !== undefined && { lowerBound: found.lowerBound * square }),
  }
}

/**
 * By search, from layers of the two-layer solution and random ones, in units in which that solution has operator norm about
 * 1.
 */
const searched = (
  measurements: Measurements,
  targets: Float64Array,
  shape: Factorisation.Shape,
  matrix: Float64Array,
  options: { readonly starts: number; readonly seed: Seed.Seed },
): FlattestInterpolant => {
  const { columns, depth, rows } = shape
  const { given: kernels } = measurements
  const unit = layerUnit(depth, operatorNorm(matrix, rows, columns, kernels))
  const whole = Elementary.pow(unit, depth)
  const scaled = targets.map((b) => b / whole)
  const scale = Vector.maxAbs(scaled)
  const guess = flattestIsotropic(
    shape,
    matrix.map((x) => x / whole),
    kernels,
  )
  const { best, feasible } = AugmentedLagrangian.searchAll(measurements, scaled, shape, guess, {
    ...options,
    feasibility: 1e-9 * scale,
    accept: accepted * scale,
  })
  const parameters = best.parameters.map((w) => w * unit)
  const layers = sharpness(measurements, shape).layers(parameters)
  return {
    matrix: Factorisation.endToEnd(shape, parameters, kernels),
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

/** Solution of the convex two-layer problem, as layers; for more layers only to report contradictory targets. */
const convex = (
  measurements: Measurements,
  targets: Float64Array,
  shape: Factorisation.Shape,
  matrix: Float64Array,
  weighted: NuclearNormSolution,
): FlattestInterpolant => {
  const parameters =
    shape.depth === 2
      ? flattestTwoLayers(measurements, shape, matrix)
      : flattestIsotropic(shape, matrix, measurements.given)
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
