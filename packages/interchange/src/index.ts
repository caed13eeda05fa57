// The public surface, and nothing else: a name that is not here is free to change.
export { find as findRuns, type LoggedRun, read as readRun } from "./logs/LoggedRuns.ts"
export { type LossLog, read as readLossLog } from "./logs/LossLog.ts"
export type { Run } from "./logs/RunFacts.ts"
export { NotALog } from "./logs/LogError.ts"
