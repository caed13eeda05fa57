import * as Differences from "@nonconvex/numerics/Differences"
import type { Objective } from "./Objective.ts"

/** H(x) v into `out`. */
export type HessianVector = (x: Float64Array, v: Float64Array, out: Float64Array) => void

/** The objective's own Hessian-vector product, or central differences of its gradient where it has none. */
export const of = (objective: Objective): HessianVector => {
  if (objective.hessianVector !== undefined) return objective.hessianVector
  const workspace = new Float64Array(2 * objective.dimension)
  const gradient = (x: Float64Array, out: Float64Array) => objective.valueAndGradient(x, out)
  return (x, v, out) => Differences.hessianVector(gradient, x, v, out, workspace)
}
