import { type MomentumOptions, type MomentumState, withVelocity } from "./internal/Velocity.ts"
import type { Update } from "./Update.ts"

/**
 * Heavy-ball momentum in the convention of deep learning: `v <- mu v + g`, `w <- w - eta v` (Polyak 1964, rescaled). Throws
 * InvalidInput as `sgd`, and on a momentum that is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod, momentum, quadratic } from "@nonconvex/problems"
 *
 * const method = gradientMethod(momentum({ learningRate: 0.1, momentum: 0.5 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state)
 * method.step(state)
 * state.point // ≈ [0.7600]
 * ```
 */
export const momentum = (options: MomentumOptions): Update<MomentumState> =>
  withVelocity("momentum", options)
