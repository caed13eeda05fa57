/**
 * Zero-concentrated differential privacy: rho adds up under composition, also for non-Gaussian mechanisms, and converts to
 * (epsilon, delta).
 *
 * For every rho and epsilon there are three values of delta. The exact delta of a Gaussian (`GaussianPrivacy.delta` at mu =
 * sqrt(2 rho)) is at most that of Canonne, Kamath, Steinke, which is used here. That is at most the simple one. All rounding
 * is towards less privacy.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import { logDelta } from "./ConcentratedTail.ts"
import { simpleEpsilon } from "./SimpleConversion.ts"

/**
 * rho of several releases together.
 *
 * @example
 * ```ts import.meta.vitest
 * import { ZeroConcentrated } from "@nonconvex/dp-lowrank"
 *
 * ZeroConcentrated.compose([0.1, 0.2]) // ≈ 0.3000
 * ```
 */
export const compose = (rhos: ReadonlyArray<number>): number =>
  rhos.reduce((sum, rho) => sum + rho, 0) * (1 + rhos.length * 2 ** -52)

/**
 * Smallest epsilon at which rho is (epsilon, delta)-private by that conversion, overestimated by at most 1e-9. Throws
 * InvalidInput on a rho that is not positive and a delta outside of (0, 1).
 *
 * @example
 * ```ts import.meta.vitest
 * import { ZeroConcentrated } from "@nonconvex/dp-lowrank"
 *
 * ZeroConcentrated.epsilon(0.1, 1e-6) // ≈ 2.142
 * ```
 */
export const epsilon = (rho: number, delta: number): number => {
  Require.fraction("ZeroConcentrated.epsilon", "delta", delta)
  const bar = Elementary.log(delta)
  let [low, high] = [0, simpleEpsilon(rho, delta)]
  for (let i = 0; i < 100 && high - low > 1e-14 * high; i++) {
    const middle = 0.5 * (low + high)
    if (logDelta(rho, middle) <= bar) high = middle
    else low = middle
  }
  return high
}
