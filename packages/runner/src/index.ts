export { Compute, type JobOf, Watch } from "./Compute.ts"
export { operate, type OperationFault, type Performed, performer } from "./Operations.ts"
export {
  type OpenRun,
  Outcome,
  type Part,
  RunStore,
  StoreFailed,
  type Subject,
} from "./RunStore.ts"
export { runExperiment } from "./Run.ts"
export { idOf, type OnRuns, partsOf, type Target, targetsOf, verdictOn, verify } from "./Verify.ts"
