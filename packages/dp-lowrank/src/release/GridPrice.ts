/**
 * Privacy cost of discrete Gaussian noise over continuous noise.
 *
 * Compared with rounded continuous noise, whose privacy is exactly that of `GaussianPrivacy` because rounding is
 * post-processing (derived here). At x, with y = x / t^2, the ratio of the two probabilities is the mean of exp(-u^2 / 2
 * t^2) cosh(u y) over |u| <= 1/2. It therefore lies between exp(-1 / 8 t^2) and exp(x^2 / 8 t^4). The normalising constants
 * agree to exp(-2 pi^2 t^2). Over N entries |log ratio| <= (N + X) / (8 t^2) with X = sum x^2 / t^2, and X <= 2 N + 4 L
 * except with probability exp(-L). With L = 900, exp(-L) is negligible for every admissible delta. Each release then costs a
 * mechanism `excess` xi = (3 N + 4 L) / (8 t^2), and (epsilon, delta) becomes (epsilon + 2 xi, (1 + 3 xi) delta): about
 * 1e-12.
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Target } from "../privacy/Target.ts"

/** L, above. */
const tail = 900

/**
 * Excess xi of discrete over rounded continuous noise, with at least `steps` steps per standard deviation in each of
 * `entries` entries.
 */
export const excessOf = (entries: number, steps: number): number =>
  (3 * entries + 4 * tail) / (8 * steps * steps)

/** Delta that remains for the ideal mechanism if several releases have `excess` together. */
export const idealDelta = (delta: number, excess: number): number =>
  delta * (1 - 3 * excess - 1e-15)

/**
 * (epsilon, delta) that remain for the ideal mechanism if several releases have `excess` together. Throws InvalidInput if
 * nothing remains.
 */
export const idealTarget = ({ delta, epsilon }: Target, excess: number): Target => {
  const price = 2 * excess
  const left = epsilon - price
  if (!(left > 0)) {
    const requirement = "epsilon must be above the price of exact integer noise"
    invalid("GridPlan", requirement, { epsilon, price })
  }
  return { epsilon: left, delta: idealDelta(delta, excess) }
}
