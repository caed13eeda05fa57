/** Bounds to plan measurements and steps with. `Theory.ts` has every formula that a claim reads. */
export { gaussianRecovery, lowRankDistance, noiseFloor, populationErrorScale } from "./Theory.ts"
