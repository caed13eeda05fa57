/** The textbook calibration of Gaussian noise: for comparison, because it is proved for epsilon below 1 only. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { requireTarget, type Target } from "./Target.ts"

/**
 * The paper's T = 2 ln(1.25 / delta) / epsilon^2, for any epsilon: the variance at sensitivity 1 (Dwork and Roth 2014,
 * Theorem A.1, as recalled). Proved for epsilon below 1, and false for large ones: at (10, 1e-6) the noise is too small.
 * Throws InvalidInput on a bad target.
 */
export const printedVariance = (target: Target): number => {
  requireTarget("ClassicalGaussian.printedVariance", target)
  return (2 * Elementary.log(1.25 / target.delta)) / (target.epsilon * target.epsilon)
}
