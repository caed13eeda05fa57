/** The runs below a path, each with what reads its log. */
import { quote } from "@nonconvex/datasets/Quote"
import type { Options } from "@nonconvex/datasets/Spelling"
import {
  findRuns,
  type LogColumnNames,
  type LogFormat,
  LossLog,
  NotALog,
  readLog,
  type RunFiles,
} from "@nonconvex/interchange"
import { Effect, Schema } from "effect"
import * as Nearest from "../../cli/Nearest.ts"
import { reported } from "../../cli/Failure.ts"

/** No run, or several, have the name that was asked for. */
export class NoRun extends Schema.TaggedError<NoRun>()("NoRun", {
  path: Schema.String,
  run: Schema.optional(Schema.String),
  suggestions: Schema.Array(Schema.String),
  count: Schema.Int,
}) {
  override get message(): string {
    const some = this.suggestions.map((name) => quote(name)).join(", ")
    return this.run === undefined
      ? `${this.path}: it has ${this.count} runs, such as ${some}: say with --run which to follow`
      : `${this.path}: of its ${this.count} runs none is named ${quote(this.run)}; name one with --run, such as ${some}`
  }
}

/** One run of a file, a folder or a database. */
export interface Source {
  readonly name: string
  readonly format: LogFormat
  /** Path of the file, for messages. */
  readonly path: string
  readonly files: RunFiles["paths"]
  /** True if a log was only searched for here. */
  readonly isGuess: boolean
  /** Notes on the source, beside the facts in its log. */
  readonly notes: ReadonlyArray<string>
  /** The run within a database. */
  readonly id: string | undefined
}

/** Flags about reading. */
export interface Reading {
  readonly names: LogColumnNames
  readonly spelling: Options & { readonly given?: ReadonlyArray<string> | undefined }
}

const ofFiles = (files: RunFiles): Source => ({
  name: files.name,
  format: files.format,
  path: files.paths[0],
  files: files.paths,
  isGuess: files.isGuess,
  notes: files.notes,
  id: undefined,
})

/** The runs of a database; of one that was only guessed to be MLflow's, none where it is not. */
const inDatabase = Effect.fnUntraced(function* (source: Source) {
  const { mlflowRuns } = yield* Effect.promise(() => import("@nonconvex/interchange/node"))
  const runs = yield* source.isGuess
    ? Effect.orElseSucceed(mlflowRuns(source.path), () => [])
    : mlflowRuns(source.path)
  return runs.map(({ id, name }): Source => ({
    ...source,
    id,
    isGuess: false,
    name: source.isGuess ? `${source.name}/${name}` : name,
  }))
})

/** All runs below a path. Fails as `findRuns`, and with UnreadableDatabase. */
export const find = Effect.fn("Sources.find")(function* (path: string) {
  const { notes, runs } = yield* findRuns(path)
  const found = yield* Effect.forEach(runs.map(ofFiles), (source) =>
    source.format === "mlflow-database" ? inDatabase(source) : Effect.succeed([source]),
  )
  const sources = found.flat()
  if (sources.length > 0) return { sources, notes }
  return yield* new NotALog({ path, reason: "the database has no runs; log one, or name another" })
}, reported)

/** The runs of this name; all where none is asked for. Fails with NoRun. */
export const named = (path: string, sources: ReadonlyArray<Source>, name: string | undefined) => {
  if (name === undefined) return Effect.succeed(sources)
  const found = sources.filter((each) => each.name === name || each.id === name)
  if (found.length > 0) return Effect.succeed(found)
  const names = sources.map((each) => each.name)
  const near = Nearest.names(name, names)
  return Effect.fail(
    new NoRun({
      path,
      run: name,
      count: sources.length,
      suggestions: near.length > 0 ? near : names.slice(0, 3),
    }),
  )
}

/** The log of a run. Fails with what reading it, or its numbers, can fail with. */
export const read = Effect.fn("Sources.read")(function* (
  { files, format, id, notes, path }: Source,
  { names, spelling }: Reading,
) {
  if (format === "csv" || format === "parquet") {
    return yield* LossLog.read(files, names, { ...spelling, format, notes })
  }
  const { format: found, log } =
    format === "mlflow-database"
      ? yield* Effect.promise(() => import("@nonconvex/interchange/node")).pipe(
          Effect.flatMap(({ readMlflowRun }) => readMlflowRun(path, id!)),
          Effect.map((run) => ({ log: run, format })),
        )
      : yield* readLog(format, files)
  const whole = { ...log, notes: [...notes, ...log.notes] }
  return yield* Effect.fromResult(LossLog.ofRun(path, found, whole, names))
}, reported)
