import type * as Kernels from "@nonconvex/numerics/Kernels"
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
   * Lower bound on T for layers with this product: available for whitened inputs and, as the trace norm of the product, for
   * two layers. Absent for other designs with more layers.
   */
  readonly lowerBound?: number
  /** Both values over that bound; 1 is the flattest. Infinity or NaN for a product that is 0. */
  readonly excessBefore?: number
  readonly excessAfter?: number
  /**
   * Method that was used. The first two are closed forms and give the minimum. "gauge descent" is a local search and gives
   * an upper bound. "rescaling" is the optimum over one factor per layer.
   */
  readonly method: "isotropic" | "two layers" | "gauge descent" | "rescaling"
}

/**
 * Flattens a deep linear stack without changing its product: trained layers, an over-parametrised linear layer, or a low-rank
 * adapter. `measurements` are the data of the loss, or "isotropic" for whitened inputs. `parameters` are the layers in one flat
 * array, W_1 first. `kernels` serve whitened inputs; measurements have their own. The closed forms are derived here: see
 * `flattestIsotropic`, `flattestTwoLayers` and `rescale`.
 *
 * Throws InvalidInput where shape, layers and measurements do not fit, and on numbers that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Factorisation, flatten } from "@nonconvex/matrix-factorization"
 *
 * const shape = Factorisation.shape([1, 1, 1])
 * const { parameters, excessBefore } = flatten("isotropic", shape, Float64Array.of(4, 0.25))
 * Array.from(parameters, (w) => w.toFixed(6)) // => ["1.000000", "1.000000"]
 * excessBefore?.toFixed(2) // => "8.03"
 * ```
 */
export const flatten = (
  measurements: Measurements | "isotropic",
  shape: Factorisation.Shape,
  parameters: Float64Array,
  kernels?: Kernels.Kernels,
): Flattened => {
  const whitened = measurements === "isotropic"
  const design = whitened ? isotropic(shape.rows, shape.columns, kernels) : measurements
  requireShape("flatten", design, shape)
  Require.vector("flatten", "parameters", parameters, shape.dimension)
  const { total } = sharpness(design, shape)
  const before = total(parameters)
  const m = Factorisation.endToEnd(shape, parameters, design.given)
  const result = (
    method: Flattened["method"],
    flat: Float64Array,
    lowerBound?: number,
  ): Flattened => {
    const after = total(flat)
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
    const nuclear = Matrix.nuclearNorm(m, shape.rows, shape.columns, design.given)
    const least = Theory.inducedIsotropic(shape.depth, shape.rows, shape.columns, nuclear)
    return result("isotropic", flattestIsotropic(shape, m, design.given), least)
  }
  const norm = traceNorm(design)
  const seesAll = norm.unseenRows + norm.unseenColumns === 0
  const least = shape.depth === 2 ? norm.value(m) : undefined
  if (shape.depth === 2 && seesAll) {
    return result("two layers", flattestTwoLayers(design, shape, m), least)
  }
  const rescaled = rescale(design, shape, parameters)
  // along directions that nothing measures a descent has no minimum
  if (!seesAll) return result("rescaling", rescaled, least)
  const descended = gaugeDescent(design, shape, m)
  return descended.sharpness <= total(rescaled)
    ? result("gauge descent", descended.parameters)
    : result("rescaling", rescaled)
}
