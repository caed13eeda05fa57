// The public surface, and nothing else: a name that is not here is free to change.
export { wordsOf } from "./oracle/CommandLine.ts"
export { DamagedLog, LogTooLarge, NoLogs, NotALog, UnreadableDatabase } from "./logs/LogError.ts"
export { readLog } from "./logs/ReadLog.ts"
export { find as findRuns, type RunFiles } from "./logs/RunFiles.ts"
export { type LogFormat, type RunLog, seriesOf } from "./logs/RunLog.ts"
export type { Series } from "./logs/Series.ts"
