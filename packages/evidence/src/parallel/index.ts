export type { Job, Reply } from "./Job.ts"
export { runExperiment } from "./Run.ts"
export { idOf, type OnRuns, partsOf, type Target, targetsOf, verify } from "./Verify.ts"
export { WorkerFailed, Workers } from "./Workers.ts"
