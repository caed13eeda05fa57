/** Thresholds, floors and rates to plan a run with. `Theory.ts` has every formula that a claim reads. */
export { usamThreshold, valleyDrift } from "./Theory.ts"
