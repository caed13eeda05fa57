/** Runs below a path, from any program, with their logs. */
import type { Options } from "@nonconvex/datasets/Spelling"
import { Effect, type FileSystem } from "effect"
import type { Names } from "./LogColumns.ts"
import * as Beside from "./Beside.ts"
import { type DamagedLog, type LogTooLarge, NotALog, type UnreadableDatabase } from "./LogError.ts"
import * as LossLog from "./LossLog.ts"
import { readLog } from "./ReadLog.ts"
import * as RunFiles from "./RunFiles.ts"
import type { LogFormat } from "./RunLog.ts"

/** One run of a file, a folder or a database. */
export interface LoggedRun {
  readonly name: string
  readonly format: LogFormat
  /** Path of the file, for messages. */
  readonly path: string
  readonly files: RunFiles.RunFiles["paths"]
  /** True if a log was only searched for here. */
  readonly isGuess: boolean
  /** Notes on the source that its log does not contain. */
  readonly notes: ReadonlyArray<string>
  /** Id of the run in a database. */
  readonly id: string | undefined
}

/** Column names, and the format of a table. */
interface Reading {
  readonly names: Names
  readonly spelling: Options & { readonly given?: ReadonlyArray<string> | undefined }
}

const ofFiles = (files: RunFiles.RunFiles): LoggedRun => ({
  name: files.name,
  format: files.format,
  path: files.paths[0],
  files: files.paths,
  isGuess: files.isGuess,
  notes: files.notes,
  id: undefined,
})

/** Runs of a database; empty if a database that was only guessed to be MLflow's is not. */
const inDatabase = Effect.fnUntraced(function* (file: LoggedRun) {
  const database = yield* Effect.promise(() => import("../node/MlflowDatabase.ts"))
  const runs = yield* file.isGuess
    ? Effect.orElseSucceed(database.runs(file.path), () => [])
    : database.runs(file.path)
  return runs.map(({ id, name }): LoggedRun => ({
    ...file,
    id,
    isGuess: false,
    name: file.isGuess ? `${file.name}/${name}` : name,
  }))
})

/** Finds all runs below a path. Fails like `RunFiles.find`, and with UnreadableDatabase. */
export const find = Effect.fn("LoggedRuns.find")(function* (path: string) {
  const { notes, runs } = yield* RunFiles.find(path)
  const found = yield* Effect.forEach(runs.map(ofFiles), (run) =>
    run.format === "mlflow-database" ? inDatabase(run) : Effect.succeed([run]),
  )
  const all = found.flat()
  if (all.length > 0) return { runs: all, notes }
  return yield* new NotALog({
    path,
    reason: "the database has no runs; log one, or give another database",
  })
})

/** The log of a run. Fails with the errors of reading the log, or of its numbers. */
export const read: (
  run: LoggedRun,
  reading: Reading,
) => Effect.Effect<
  LossLog.LossLog,
  LossLog.LossLogError | DamagedLog | LogTooLarge | UnreadableDatabase,
  FileSystem.FileSystem
> = Effect.fn("LoggedRuns.read")(function* (
  { files, format, id, notes, path }: LoggedRun,
  { names, spelling }: Reading,
): Effect.fn.Return<
  LossLog.LossLog,
  LossLog.LossLogError | DamagedLog | LogTooLarge | UnreadableDatabase,
  FileSystem.FileSystem
> {
  const beside = yield* Beside.read(path)
  if (format === "csv" || format === "parquet") {
    return yield* LossLog.read(files, names, { ...spelling, format, notes, beside })
  }
  const { format: found, log } =
    format === "mlflow-database"
      ? yield* Effect.promise(() => import("../node/MlflowDatabase.ts")).pipe(
          Effect.flatMap((database) => database.read(path, id!)),
          Effect.map((run) => ({ log: run, format })),
        )
      : yield* readLog(format, files)
  const whole = { ...log, notes: [...notes, ...log.notes] }
  return yield* Effect.fromResult(LossLog.ofRun(path, found, whole, names, beside))
})
