import { type MomentumOptions, type MomentumState, withVelocity } from "./internal/Velocity.ts"
import type { Update } from "./Update.ts"

/**
 * Nesterov momentum in the same convention: `v <- mu v + g`, `w <- w - eta (g + mu v)` (Sutskever, Martens, Dahl, Hinton 2013, rearranged). Throws as `momentum`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod, nesterov, quadratic } from "@nonconvex/problems"
 *
 * const method = gradientMethod(nesterov({ learningRate: 0.1, momentum: 0.5 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state)
 * state.point // ≈ [0.8500]
 * ```
 */
export const nesterov = (options: MomentumOptions): Update<MomentumState> =>
  withVelocity("nesterov", options)
