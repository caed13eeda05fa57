/**
 * Traces of operators given only by their products.
 *
 * How to choose: `exact` if as many products as dimensions are affordable. `xTrace` for up to a few hundred products, and
 * wherever the spectrum decays. `hutchPlusPlus` for the same with a proved bound. `hutchinson` if memory allows only two
 * vectors, or for flat spectra. The estimators take a number of probes or products, or an error bar at which they stop.
 */
import { invalid } from "./InvalidInput.ts"
import type { Operator } from "./Operator.ts"
import * as Require from "./Require.ts"

export { hutchinson } from "./Hutchinson.ts"
export { hutchPlusPlus } from "./HutchPlusPlus.ts"
export { xTrace } from "./XTrace.ts"

/**
 * The exact trace by `dimension` products with the unit vectors. Throws InvalidInput on a negative or fractional dimension and on
 * products that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Trace from "@nonconvex/numerics/Trace"
 * import * as Operator from "@nonconvex/numerics/Operator"
 *
 * Trace.exact(Operator.fromSymmetric(Float64Array.of(2, 1, 1, 3), 2), 2) // => 5
 * ```
 */
export const exact = (operator: Operator, dimension: number): number => {
  Require.count("Trace.exact", "dimension", dimension, 0)
  const unit = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  let sum = 0
  for (let i = 0; i < dimension; i++) {
    unit[i] = 1
    operator(unit, out)
    unit[i] = 0
    const value = out[i]!
    if (!Number.isFinite(value)) {
      invalid("Trace.exact", "the operator must return finite numbers", { column: i, value })
    }
    sum += value
  }
  return sum
}
