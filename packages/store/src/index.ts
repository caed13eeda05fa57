export { type Apart, firstDifference } from "./Compare.ts"
export * as KeptRuns from "./KeptRuns.ts"
export { Difference, isName, KeptRun, KeptSweep, Provenance, Runs } from "./Runs.ts"
