/** Second derivatives by central differences of gradients. */
import type { Operator } from "./Operator.ts"
import * as Require from "./Require.ts"
import { powerOfTwoNear } from "./Scaling.ts"
import * as Vector from "./Vector.ts"

/** Writes the gradient at x into `out`; a returned value, such as that of the function, is ignored. */
type Gradient = (x: Float64Array, out: Float64Array) => void

/**
 * Writes H(x) v into `out` as (g(x + h v) - g(x - h v)) / 2h with h = 1e-5 max(1, |x|) / |v|; zero if v is zero.
 *
 * `workspace` has twice the length of x. `out` may be the same array as `v` or `x`, which are otherwise not modified. The
 * relative error is about 1e-10 of the third derivative's scale plus 1e-11 of the gradient's. Throws InvalidInput on wrong
 * lengths.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Differences from "@nonconvex/numerics/Differences"
 *
 * // of f(x, y) = x^2 y, whose Hessian at (1, 2) is [[4, 2], [2, 0]]
 * const gradient = ([x = 0, y = 0]: Float64Array, out: Float64Array) => out.set([2 * x * y, x * x])
 * const out = new Float64Array(2)
 * Differences.hessianVector(gradient, Float64Array.of(1, 2), Float64Array.of(1, 1), out)
 * out // ≈ [6.000, 2.000]
 * ```
 */
export const hessianVector = (
  gradient: Gradient,
  x: Float64Array,
  v: Float64Array,
  out: Float64Array,
  workspace: Float64Array = new Float64Array(2 * x.length),
): void => {
  const n = x.length
  Require.length("Differences.hessianVector", "v", v.length, n)
  Require.length("Differences.hessianVector", "out", out.length, n)
  Require.length("Differences.hessianVector", "workspace", workspace.length, 2 * n)
  const length = Vector.norm(v)
  if (length === 0) {
    out.fill(0)
    return
  }
  // The step is for v over a power of two near its length: |v| itself may be so small that the quotient overflows.
  const scale = powerOfTwoNear(length)
  const unit = 1 / scale
  const h = (1e-5 * Math.max(1, Vector.norm(x))) / (length * unit)
  const point = workspace.subarray(0, n)
  const minus = workspace.subarray(n)
  for (let i = 0; i < n; i++) point[i] = x[i]! - h * (unit * v[i]!)
  gradient(point, minus)
  for (let i = 0; i < n; i++) point[i] = x[i]! + h * (unit * v[i]!)
  gradient(point, out)
  for (let i = 0; i < n; i++) out[i] = ((out[i]! - minus[i]!) / (2 * h)) * scale
}

/** The Hessian at x as an operator, with its own workspace; reads x at each product and never modifies it. */
export const hessian = (gradient: Gradient, x: Float64Array): Operator => {
  const workspace = new Float64Array(2 * x.length)
  return (v, out) => hessianVector(gradient, x, v, out, workspace)
}
