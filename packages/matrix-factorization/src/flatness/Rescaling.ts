import * as Factorisation from "../factorisation/Factorisation.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { sharpness } from "./Sharpness.ts"

/**
 * The flattest of all factorisations that differ from this one by a factor a layer, for any measurements (algorithm 2.5, derived
 * here): `W_j <- c_j W_j` with `c_j^2 = T_j / (T_1 ... T_L)^(1/L)`. The product stays, the T_j become equal, and their sum
 * `L (T_1 ... T_L)^(1/L)`. A point where some T_j is 0 is returned as it is.
 */
export const rescale = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  x: Float64Array,
): Float64Array => {
  const layers = sharpness(measurements, shape).layers(x)
  const logs = layers.map(Math.log)
  const mean = logs.reduce((sum, value) => sum + value, 0) / shape.depth
  const out = x.slice()
  if (!Number.isFinite(mean)) return out
  for (let j = 1; j <= shape.depth; j++) {
    const factor = Math.exp((logs[j - 1]! - mean) / 2)
    const part = Factorisation.layer(shape, out, j)
    for (let k = 0; k < part.length; k++) part[k]! *= factor
  }
  return out
}
