import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Factorisation from "../factorisation/Factorisation.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { sharpness } from "./Sharpness.ts"

/**
 * The flattest of all layers that differ from these by one factor per layer, for any measurements: `W_j <- c_j W_j` with
 * `c_j^2 = T_j / (T_1 ... T_L)^(1/L)`. The product stays, the T_j become equal, and their sum `L (T_1 ... T_L)^(1/L)` (derived here;
 * claim matrix-factorization/rescaling). Layers with some T_j = 0 are returned as they are.
 *
 * Throws InvalidInput on layers of another length or not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Factorisation, isotropic, rescale } from "@nonconvex/matrix-factorization"
 *
 * const shape = Factorisation.shape([1, 1, 1])
 * // 4 * 1 becomes 2 * 2
 * rescale(isotropic(1, 1), shape, Float64Array.of(4, 1)) // ≈ [2.000, 2.000]
 * ```
 */
export const rescale = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  x: Float64Array,
): Float64Array => {
  const layers = sharpness(measurements, shape).layers(x)
  const logs = layers.map(Elementary.log)
  const mean = logs.reduce((sum, value) => sum + value, 0) / shape.depth
  const out = x.slice()
  if (!Number.isFinite(mean)) return out
  for (let j = 1; j <= shape.depth; j++) {
    const factor = Elementary.exp((logs[j - 1]! - mean) / 2)
    const part = Factorisation.layer(shape, out, j)
    for (let k = 0; k < part.length; k++) part[k]! *= factor
  }
  return out
}
