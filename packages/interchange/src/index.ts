// The public surface, and nothing else: a name that is not here is free to change.
export { wordsOf } from "./oracle/CommandLine.ts"
export type { Names as LogColumnNames } from "./logs/LogColumns.ts"
export {
  NoColumn,
  NoHeader,
  NotItsColumns,
  SameColumn,
  SeveralLosses,
} from "./logs/LogColumnsError.ts"
export * as LoggedRuns from "./logs/LoggedRuns.ts"
export * as LossLog from "./logs/LossLog.ts"
export { BadSteps, MissingSteps, NegativeValue, NoLosses } from "./logs/LossLogError.ts"
export type { Run, RunFacts } from "./logs/RunFacts.ts"
export { DamagedLog, LogTooLarge, NoLogs, NotALog, UnreadableDatabase } from "./logs/LogError.ts"
export type { LogFormat } from "./logs/RunLog.ts"
