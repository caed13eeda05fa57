import { method, repeat, type Request } from "./FixedSteps.ts"
import type { Method } from "./Method.ts"

/**
 * A step to y = x - rate F(x), then x - rate F(y).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Methods, worstCase } from "@nonconvex/worst-case"
 *
 * const f = { class: "convex-concave", L: 1 }
 * const measure = { squaredGradient: "x" }
 * // that of x y: (1 - rate^2)^2 + rate^2
 * worstCase(Methods.extragradient({ steps: 1, rate: "1/2", class: f, measure })).bound // ≈ 0.8125
 * ```
 */
export const extragradient = (request: Request): Method =>
  method(
    "extragradient",
    request,
    repeat(
      request.steps,
      { step: "y", from: "x", at: "x", of: "f", rate: request.rate },
      { step: "x", at: "y", of: "f", rate: request.rate },
    ),
  )
