/** Appendix H with its squares, and the constant of equation (54) written out. */
import { erratum, Margin } from "@nonconvex/evidence"
import * as TruncationError from "../../theory/TruncationError.ts"
import { type Errors, errors } from "../claims/FirstOrderError.ts"
import { levels, weakMetricMargin } from "../claims/WeakMetric.ts"
import { printed } from "../support/Paper.ts"

/** The explicit constant of (54): log of b^2 1e6 k d T ratio^2 (log d)^3 log(sigma_1 + T) over the squared first-order error. */
export const explicitConstantMargin = ({ dimension: d, rank: k }: Errors): number => {
  const log = Math.log(d)
  const logB = Math.log(1e6) + Math.log(log) * Math.log(log)
  const spectrum = Float64Array.from({ length: d }, (_, i) => (i < k ? 8 * Math.sqrt(d) : 0))
  const bound = Math.log(1e6 * k * d * log ** 3 * Math.log(8 * Math.sqrt(d) + 1)) + 2 * logB
  const actual = 2 * Math.log(TruncationError.firstOrderError(2, 4, spectrum, k))
  return Margin.atMost(bound - actual, Math.log(1e12))
}

export const squared = erratum({
  id: "dp-lowrank/squared-weak-metric",
  statement: "E |M-hat_k - M|_F^2 - |M_k - M|_F^2 is of order k d T, whatever the spectrum.",
  source: printed("Appendix H"),
  instances: levels(),
  margin: (instance, given) => weakMetricMargin(instance, given, { power: 2, limit: 100 }),
  corrected: "dp-lowrank/weak-metric",
  explanation:
    "It grows like the level of the spectrum: lost eigenvalues of size L turn a rotation of order one into a loss of order L. Without the squares the bound holds.",
})

export const vacuous = erratum({
  id: "dp-lowrank/explicit-constant",
  statement: "The bound (54), written out, is within a factor of 1e12 of the squared error.",
  source: printed("equation (54)"),
  instances: errors,
  margin: explicitConstantMargin,
  corrected: "dp-lowrank/first-order-error",
  explanation:
    "Its constant is 1e6 b^2 with b = 1e6 (log d)^(log log d) or more: above 1e18. The first-order formula is within 30 %.",
})
