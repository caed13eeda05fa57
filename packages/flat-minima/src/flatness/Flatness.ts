/** Flatness of a point by the paper's definition. */
import { invalid } from "@nonconvex/numerics/InvalidInput"

export type { Estimate } from "./Estimate.ts"
export { estimateGradientOfTrace, gradientOfTrace } from "./GradientOfTrace.ts"
export { estimateResidual, residual } from "./Residual.ts"

/** Quantities of definition 3. */
export interface Measured {
  /** `f(x) - f(Phi(x))`. */
  readonly lossGap: number
  /** `|dPhi grad trb|` at Phi(x). */
  readonly residual: number
}

/**
 * (eps, eps')-flat: definition 3 (as recalled; its first inequality is believed to be on the loss). Throws InvalidInput on NaN.
 */
export const isFlat = ({ lossGap, residual }: Measured, eps: number, epsPrime: number): boolean => {
  if (Number.isNaN(lossGap + residual + eps + epsPrime)) {
    invalid("Flatness.isFlat", "no number may be NaN", { lossGap, residual, eps, epsPrime })
  }
  return lossGap <= eps && residual <= epsPrime
}
