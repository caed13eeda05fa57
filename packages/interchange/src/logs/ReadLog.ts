/** Reads the log of a run in a format used only for logs; tables and databases are read elsewhere. */
import type { FileError } from "@nonconvex/datasets/FileError"
import { Effect, type FileSystem } from "effect"
import * as JsonLog from "./JsonLog.ts"
import type { DamagedLog, LogTooLarge } from "./LogError.ts"
import * as MlflowFiles from "./MlflowFiles.ts"
import type { LogFormat, RunLog } from "./RunLog.ts"
import * as TensorBoard from "./TensorBoard.ts"

/** Formats read here. */
export type OwnFormat = Exclude<LogFormat, "csv" | "parquet" | "mlflow-database">

/** The log in the given files. Fails with FileError, DamagedLog and LogTooLarge. */
export const readLog = (
  format: OwnFormat,
  paths: readonly [string, ...Array<string>],
): Effect.Effect<
  { readonly log: RunLog; readonly format: LogFormat },
  FileError | DamagedLog | LogTooLarge,
  FileSystem.FileSystem
> => {
  switch (format) {
    case "tensorboard":
      return Effect.map(TensorBoard.read(paths), (log) => ({ log, format }))
    case "mlflow-files":
      return Effect.map(MlflowFiles.read(paths[0]), (log) => ({ log, format }))
    case "json":
    case "trainer-state":
      return Effect.map(JsonLog.read(paths[0]), (log) => ({ log, format: log.format }))
  }
}
