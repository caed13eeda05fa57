import * as Require from "@nonconvex/numerics/Require"
import * as Factorisation from "../factorisation/Factorisation.ts"
import { flattestIsotropic, flattestTwoLayers } from "./Flattest.ts"
import { requireShape } from "./FlattestInterpolant.ts"
import { gaugeDescent } from "./GaugeDescent.ts"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { rescale } from "./Rescaling.ts"
import { sharpness } from "./Sharpness.ts"
import { isotropic } from "../measurements/SparseMeasurements.ts"
import * as Theory from "../theory/Theory.ts"
import { traceNorm } from "./TraceNorm.ts"

/** Layers with the same product, as flat as we could make them. */
export interface Flattened {
  readonly parameters: Float64Array
  /** T, half the trace of the Hessian, before and after. */
  readonly before: number
  readonly after: number
  /**
   * No layers with this product have a smaller T: `F` of an isotropic design or the trace norm of the product in two layers. Absent for
   * other designs in more layers, for which no bound is known.
   */
  readonly lowerBound?: number
  /** Both over that bound: 1 is the flattest. Infinity or NaN for a product that is 0. */
  readonly excessBefore?: number
  readonly excessAfter?: number
  /**
   * How. The first two are closed forms and give the minimum; "gauge descent" is a local search that gives an upper bound of it;
   * "rescaling" is the best that one factor a layer does.
   */
  readonly method: "isotropic" | "two layers" | "gauge descent" | "rescaling"
}

/**
 * Flattens a deep linear stack without changing what it computes: trained layers, an over-parametrised linear layer, or a low-rank
 * adapter. `measurements` are the data that the loss sees; "isotropic" stands for whitened inputs.
 *
 * Throws InvalidInput where the layers do not fit. A hidden width below the rank of the product cannot occur.
 */
export const flatten = (
  measurements: Measurements | "isotropic",
  shape: Factorisation.Shape,
  parameters: Float64Array,
): Flattened => {
  const whitened = measurements === "isotropic"
  const design = whitened ? isotropic(shape.rows, shape.columns) : measurements
  requireShape("flatten", design, shape)
  Require.vector("flatten", "parameters", parameters, shape.dimension)
  const flatness = sharpness(design, shape)
  const of = (x: Float64Array): number => flatness.layers(x).reduce((sum, t) => sum + t, 0)
  const before = of(parameters)
  const m = Factorisation.endToEnd(shape, parameters)
  const result = (
    method: Flattened["method"],
    flat: Float64Array,
    lowerBound?: number,
  ): Flattened => {
    const after = of(flat)
    return {
      parameters: flat,
      before,
      after,
      ...(lowerBound !== undefined && {
        lowerBound,
        excessBefore: before / lowerBound,
        excessAfter: after / lowerBound,
      }),
      method,
    }
  }
  if (whitened) {
    const nuclear = Matrix.nuclearNorm(m, shape.rows, shape.columns)
    const least = Theory.inducedIsotropic(shape.depth, shape.rows, shape.columns, nuclear)
    return result("isotropic", flattestIsotropic(shape, m), least)
  }
  const norm = traceNorm(design)
  const seesAll = norm.unseenRows + norm.unseenColumns === 0
  const least = shape.depth === 2 ? norm.value(m) : undefined
  if (shape.depth === 2 && seesAll) {
    return result("two layers", flattestTwoLayers(design, shape, m), least)
  }
  const rescaled = rescale(design, shape, parameters)
  // along directions that nothing measures the descent would run away
  if (!seesAll) return result("rescaling", rescaled, least)
  const turned = gaugeDescent(design, shape, m)
  return turned.sharpness <= of(rescaled)
    ? result("gauge descent", turned.parameters)
    : result("rescaling", rescaled)
}
