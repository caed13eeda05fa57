/** Schatten norms: norms of the singular values; quasinorms for p < 1. */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** The Schatten p-norm to the power p: `sum sigma_k^p` over values above 1e-12 of the largest: for p < 1, rounding errors would weigh as much as the matrix. */
export const schattenPower = (singularValues: Float64Array, p: number): number =>
  singularValues.reduce(
    (sum, value) => (value > 1e-12 * singularValues[0]! ? sum + Elementary.pow(value, p) : sum),
    0,
  )
