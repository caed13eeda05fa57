/** One trial of a program: it is started with the settings, and its metrics are read. */
import { ChildProgram, MetricRows, wordsOf } from "@nonconvex/interchange/node"
import type { Row } from "@nonconvex/evidence/Experiment"
import type { Program } from "@nonconvex/runner/sweep/Sweep"
import { Deferred, Duration, Effect, FileSystem, Path, Schema, type Scope } from "effect"
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { statSync } from "node:fs"
import process from "node:process"
import type { Readable } from "node:stream"
import { oneLine } from "../../cli/Failure.ts"
import * as Table from "../../cli/TextTable.ts"
import { Pruner } from "./MedianPruner.ts"
import * as Placeholders from "./Placeholders.ts"
import { textOf } from "./ProgramSystem.ts"

/** A trial of a program that gave no metrics. */
export class TrialFailed extends Schema.TaggedError<TrialFailed>()("TrialFailed", {
  reason: Schema.String,
}) {}

const failed = (reason: string) => new TrialFailed({ reason })

/** Largest number of rows of a trial, and of characters in a line of its output. */
export const bounds = { rows: 200_000, line: 2 ** 20, error: 2 ** 13 }

/** Milliseconds for the output of a program that has ended to arrive. */
const drain = 1000

type Child = ChildProcessByStdio<null, Readable, Readable>

/** Reads the lines of a stream; one that is too long is skipped. */
const onLines = (stream: Readable, onLine: (line: string) => void): void => {
  let [rest, isSkipped] = ["", false]
  const line = (text: string) => {
    if (!isSkipped) onLine(text)
    isSkipped = false
  }
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const [first, ...more] = chunk.split("\n")
    rest += isSkipped ? "" : first!
    for (const next of more) {
      line(rest)
      rest = next
    }
    if (rest.length > bounds.line) [rest, isSkipped] = ["", true]
  })
  stream.on("end", () => line(rest))
  stream.on("error", () => {
    // it is closed when the program is ended
  })
}

/**
 * Output of a program: the rows that it prints, and the last line of its errors. `onRow` is called after each row with all of
 * them.
 */
const listen = (child: Child, onRow: (rows: ReadonlyArray<Row>) => void) => {
  const rows: Array<Row> = []
  let count = 0
  let error = ""
  onLines(child.stdout, (line) => {
    const row = MetricRows.rowOfLine(line)
    if (row === undefined || ++count > bounds.rows) return
    rows.push(row)
    onRow(rows)
  })
  onLines(child.stderr, (line) => {
    if (line.trim() !== "") error = oneLine(line.slice(-bounds.error))
  })
  return { rows, count: () => count, error: () => error }
}

/** Waits until a program has ended and its output has arrived. */
const ended = (child: Child): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    const close = () => resume(Effect.void)
    let late: NodeJS.Timeout | undefined
    // what it has left behind may hold its pipes
    const exit = () => (late = setTimeout(close, drain))
    child.once("close", close)
    child.once("exit", exit)
    if (child.exitCode !== null || child.signalCode !== null) exit()
    return Effect.sync(() => {
      clearTimeout(late)
      child.off("close", close).off("exit", exit)
    })
  })

const stateOf = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? "" : `${found.size} ${found.mtimeMs} ${found.ino}`
}

/** Rows of the log that a program has written. */
const fromFile = Effect.fnUntraced(function* (path: string, before: string) {
  const after = stateOf(path)
  if (after === "") return yield* failed(`it did not write --results ${path}`)
  if (after === before) {
    return yield* failed(`it did not change --results ${path}, which is of an earlier run`)
  }
  return yield* Effect.mapError(MetricRows.read(path), ({ message }) => failed(oneLine(message)))
})

const tooMany = (count: number): TrialFailed =>
  failed(
    `it reported ${Table.count(count)} rows, more than ${Table.count(bounds.rows)}; report fewer steps`,
  )

/** An empty folder of a trial, and a file with its settings and its seed. */
const folderOf = Effect.fnUntraced(function* (given: Schema.JsonObject) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* Effect.gen(function* () {
    const whole = yield* fs.makeTempDirectoryScoped({ prefix: "nonconvex-trial-" })
    const places = {
      settings: path.join(whole, "settings.json"),
      folder: path.join(whole, "folder"),
    }
    yield* fs.makeDirectory(places.folder)
    yield* fs.writeFileString(places.settings, `${JSON.stringify(given, undefined, 2)}\n`)
    return places
  }).pipe(Effect.mapError(({ message }) => failed(`its folder cannot be made (${message})`)))
})

/**
 * Rows that a program reports for these settings and this seed. Fails with TrialFailed if it cannot be started, fails, exceeds
 * its time, or reports nothing. An interruption ends it with all that it has started.
 */
export const run = Effect.fn("RunProgram.run")(function* (
  { command, env, results, timeout }: Program,
  settings: Schema.JsonObject,
  seed: number,
): Effect.fn.Return<
  ReadonlyArray<Row>,
  TrialFailed,
  FileSystem.FileSystem | Path.Path | Scope.Scope
> {
  const named = Placeholders.namesIn(`${command} ${results ?? ""}`)
  const places =
    named.includes("settings") || named.includes("folder")
      ? yield* folderOf(Object.fromEntries([...Object.entries(settings), ["seed", seed]]))
      : {}
  const texts = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, textOf(value)]),
  )
  const values = { ...texts, seed: String(seed), ...places }
  const words = (wordsOf(command) ?? []).map((word) => Placeholders.filled(word, values))
  const log = results === undefined ? undefined : Placeholders.filled(results, values)
  const before = log === undefined ? "" : stateOf(log)
  const variables = env === true ? { ...texts, SEED: String(seed) } : {}
  const child: Child = yield* ChildProgram.start(words, (word, args, options): Child =>
    spawn(word, args, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...variables },
    }),
  ).pipe(Effect.mapError(({ reason }) => failed(reason)))
  const prune = yield* Pruner
  const pruned = yield* Deferred.make<void, TrialFailed>()
  const output = listen(child, (rows) => {
    const reason = prune(rows)
    if (reason !== undefined) Deferred.doneUnsafe(pruned, failed(reason))
  })
  const waiting = Effect.raceFirst(ended(child), Deferred.await(pruned))
  yield* timeout === undefined
    ? waiting
    : Effect.timeoutOrElse(waiting, {
        duration: Duration.seconds(timeout),
        orElse: () =>
          Effect.fail(failed(`it was ended after ${timeout} s, the limit of --timeout`)),
      })
  const failure = ChildProgram.failureOf(child)
  if (failure !== undefined) {
    const said = output.error()
    return yield* failed(said === "" ? failure : `${failure}: ${said}`)
  }
  const rows = log === undefined ? output.rows : yield* fromFile(log, before)
  const count = log === undefined ? output.count() : rows.length
  if (count > bounds.rows) return yield* tooMany(count)
  if (rows.length > 0) return rows
  return yield* failed(
    log === undefined
      ? 'it printed no metrics; print lines of JSON such as {"step": 1, "loss": 0.5}, or name its log with --results'
      : `its --results ${log} has no rows`,
  )
}, Effect.scoped)
