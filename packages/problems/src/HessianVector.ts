import * as Differences from "@nonconvex/numerics/Differences"
import type { Objective } from "./Objective.ts"

/** H(x) v into `out`. */
type HessianVector = (x: Float64Array, v: Float64Array, out: Float64Array) => void

/**
 * The objective's own Hessian-vector product, or central differences of its gradient if it has none.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as HessianVector from "@nonconvex/problems/HessianVector"
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 *
 * const out = new Float64Array(2)
 * HessianVector.of(quadratic({ spectrum: [4, 1] }))(new Float64Array(2), Float64Array.of(1, 1), out)
 * out // => Float64Array.of(4, 1)
 * ```
 */
export const of = (objective: Objective): HessianVector => {
  if (objective.hessianVector !== undefined) return objective.hessianVector
  const workspace = new Float64Array(2 * objective.dimension)
  const gradient = (x: Float64Array, out: Float64Array) => objective.valueAndGradient(x, out)
  return (x, v, out) => Differences.hessianVector(gradient, x, v, out, workspace)
}
