/** The textbook calibration of Gaussian noise, where it is proved. */
import * as Schema from "effect/Schema"
import { requireTarget, type Target } from "./Target.ts"

/** The classical formula is proved for epsilon below 1 only, and false for large ones: at (10, 1e-6) it gives too little noise. */
export class Unproved extends Schema.TaggedError<Unproved>()("Unproved", {
  epsilon: Schema.Number,
}) {
  override get message(): string {
    return `sqrt(2 ln(1.25 / delta)) / epsilon is proved for epsilon below 1 only (got ${this.epsilon}); use GaussianPrivacy.noiseMultiplier`
  }
}

/**
 * `sqrt(2 ln(1.25 / delta)) / epsilon`, the standard deviation at sensitivity 1 (Dwork and Roth 2014, Theorem A.1, as recalled).
 *
 * Throws InvalidInput on a bad target, and Unproved from epsilon 1 on.
 */
export const noiseMultiplier = (target: Target): number => {
  requireTarget("ClassicalGaussian.noiseMultiplier", target)
  if (target.epsilon >= 1) throw new Unproved({ epsilon: target.epsilon })
  return Math.sqrt(printedVariance(target))
}

/** The paper's T = 2 ln(1.25 / delta) / epsilon^2, for whatever epsilon. Throws InvalidInput on a bad target. */
export const printedVariance = (target: Target): number => {
  requireTarget("ClassicalGaussian.printedVariance", target)
  return (2 * Math.log(1.25 / target.delta)) / target.epsilon ** 2
}
