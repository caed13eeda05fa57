/**
 * The distribution function of the standard normal distribution, accurate in both tails.
 *
 * Built on ErrorFunction and Elementary, so the bits repeat on every engine.
 */
import { expOfSquare } from "./internal/Approximation.ts"
import { erfc, erfcx } from "./ErrorFunction.ts"

/**
 * P(Z <= x); relative error below 1e-15 also in the lower tail, down to the smallest normal result (x about -37.5).
 *
 * @example
 * ```ts import.meta.vitest
 * import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
 *
 * NormalDistribution.cdf(1.96) // ≈ 0.9750
 * ```
 */
export const cdf = (x: number): number => {
  if (x > -1) return 0.5 * erfc(-x * Math.SQRT1_2)
  return x < -40 ? 0 : 0.5 * expOfSquare(-0.5, x) * erfcx(-x * Math.SQRT1_2)
}
