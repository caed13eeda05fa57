// The public surface, and nothing else: a name that is not here is free to change.
export { wordsOf } from "./oracle/CommandLine.ts"
export * as LoggedRuns from "./logs/LoggedRuns.ts"
export * as LossLog from "./logs/LossLog.ts"
export type { Run, RunFacts } from "./logs/RunFacts.ts"
export { NotALog } from "./logs/LogError.ts"
export type { LogFormat } from "./logs/RunLog.ts"
