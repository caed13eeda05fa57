/** Quadratics whose gradients a kernel computes, for runs that are one call. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Bursts from "./internal/Bursts.ts"
import type { Objective } from "./Objective.ts"

/** What must be known of a quadratic to take many steps on it by one call of a kernel: its gradient is `H x + c`, as `symmetricProduct` of the kernels has it. */
export interface QuadraticForm {
  /** H, n x n, by its lower triangle, where the kernels want it for `symmetricProduct`. */
  readonly hessian: Float64Array
  /** c. */
  readonly offset: Float64Array
  readonly kernels: Kernels
}

/**
 * Notes of what evaluates an objective that its gradients are those of a quadratic by `symmetricProduct`, to the bit, so that methods may take their steps in one call of
 * `descendQuadratic`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kernels } from "@nonconvex/numerics"
 * import { inQuadratic, quadraticFormOf } from "@nonconvex/problems"
 *
 * const form = { hessian: Float64Array.of(2), offset: Float64Array.of(-2), kernels: Kernels.standard() }
 * const valueAndGradient = inQuadratic((x: Float64Array, gradient: Float64Array) => {
 *   form.kernels.symmetricProduct(1, form.hessian, x, gradient, form.offset)
 *   return x[0]! * x[0]! - 2 * x[0]!
 * }, form)
 * quadraticFormOf(valueAndGradient) === form // => true
 * ```
 */
export const inQuadratic = (
  valueAndGradient: Objective["valueAndGradient"],
  form: QuadraticForm,
): Objective["valueAndGradient"] => Bursts.quadratics.note(valueAndGradient, form)

/**
 * What `inQuadratic` noted of what evaluates an objective; undefined where it noted nothing.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadratic, quadraticFormOf } from "@nonconvex/problems"
 *
 * quadraticFormOf(quadratic({ spectrum: [1] }).valueAndGradient) // => undefined
 * ```
 */
export const quadraticFormOf = (
  valueAndGradient: Objective["valueAndGradient"],
): QuadraticForm | undefined => Bursts.quadratics.of(valueAndGradient)
