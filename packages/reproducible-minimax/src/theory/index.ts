/** Probability of a rounding failure, to plan a run with. `Theory.ts` has every formula that an algorithm or a claim reads. */
export { roundingFailure } from "./Regularised.ts"
