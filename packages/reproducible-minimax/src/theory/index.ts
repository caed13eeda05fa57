/** Bounds to plan a run with. `Theory.ts` has every formula that an algorithm or a claim reads. */
export { acceleratedGap, gradientDescentGap } from "./Bounds.ts"
export {
  descentAscentDeviationOfGradient,
  descentAscentDeviationOfStart,
  descentAscentExpansion,
  descentAscentGap,
  extragradientDeviationOfStart,
  extragradientGap,
} from "./GameBounds.ts"
export { roundingFailure } from "./Regularised.ts"
