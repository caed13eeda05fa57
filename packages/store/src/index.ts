export { firstDifference } from "./Compare.ts"
export { Difference, isName, KeptRun, KeptSweep, Provenance, Runs } from "./Runs.ts"
