export { type Apart, firstDifference } from "./Compare.ts"
export * as KeptRuns from "./KeptRuns.ts"
export * as Migrations from "./Migrations.ts"
export {
  AmbiguousRun,
  DamagedRun,
  Difference,
  isName,
  KeptRun,
  KeptSweep,
  Provenance,
  Runs,
  UnknownRun,
} from "./Runs.ts"
export * as Sqlite from "./Sqlite.ts"
