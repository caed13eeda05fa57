import { method, repeat, type Request } from "./FixedSteps.ts"
import type { Method } from "./Method.ts"

/**
 * x - rate gradient: descent, or simultaneous descent and ascent if f is an operator.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Methods, worstCase } from "@nonconvex/worst-case"
 *
 * const method = Methods.gradientDescent({
 *   steps: 2,
 *   rate: 1,
 *   class: { class: "smooth-convex", L: 1 },
 * })
 * worstCase(method).bound // ≈ 0.1000
 * ```
 */
export const gradientDescent = (request: Request): Method =>
  method(
    "gradient descent",
    request,
    repeat(request.steps, { step: "x", of: "f", rate: request.rate }),
  )
