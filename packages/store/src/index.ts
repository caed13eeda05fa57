export { type Apart, firstDifference } from "./Compare.ts"
export * as KeptRuns from "./KeptRuns.ts"
export * as Migrations from "./Migrations.ts"
export {
  AmbiguousRun,
  DamagedRun,
  type Choice,
  Difference,
  isName,
  KeptRun,
  KeptSweep,
  Provenance,
  Runs,
  Status,
  UnknownRun,
} from "./Runs.ts"
export * as Sqlite from "./Sqlite.ts"
