export {
  AmbiguousRun,
  type Choice,
  Difference,
  KeptRun,
  KeptSweep,
  Provenance,
  Runs,
  Status,
  UnknownRun,
} from "./Runs.ts"
