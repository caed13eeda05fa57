/** Stored result of a study: one Parquet file with its rows in the order of the trials, and their provenance. */
import { DataRead } from "@nonconvex/datasets/Datasets"
import { sha256 } from "@nonconvex/datasets/Dataset"
import { messageOf } from "@nonconvex/datasets/LibraryMessage"
import type { Row } from "@nonconvex/evidence/Experiment"
import * as Reason from "@nonconvex/evidence/Reason"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { canonical } from "@nonconvex/runner/RunKey"
import { type TrialSettings, Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Clock, Effect, Schema } from "effect"
import { Worker } from "node:worker_threads"
import type { Value } from "../runs/Clause.ts"
import type { Column, Type } from "../runs/FlatTable.ts"
import { Registered } from "./Preregistration.ts"

/** Commit in which question, expectations and sweep were registered before the run. */
export const Registration = Schema.Struct({
  commit: Schema.String,
  /** Time of the commit, ISO 8601. */
  time: Schema.String,
  /** SHA-256 of the registered files. */
  digest: Schema.String,
  /** Tag whose text has that digest; absent if there was none. */
  tag: Schema.optionalKey(Schema.String),
})
export type Registration = typeof Registration.Type

/** Provenance of a result. */
export const Provenance = Schema.Struct({
  format: Schema.Literal(1),
  study: Schema.String,
  sweep: Sweep,
  /** Settings of all trials, except those that vary. */
  base: Schema.Record(Schema.String, Schema.Json),
  registration: Registration,
  /** The settings that vary, and the columns of a row. */
  settings: Schema.Array(Schema.String),
  columns: Schema.Array(Schema.String),
  trials: Schema.Int,
  kernels: KernelsName,
  /** The data sets that were read, by name and digest. */
  data: Schema.Array(DataRead),
  /** SHA-256 over the code of the system. */
  code: Schema.optionalKey(Schema.String),
  commit: Schema.optionalKey(Schema.Struct({ hash: Schema.String, dirty: Schema.Boolean })),
  node: Schema.String,
  platform: Schema.String,
  cpu: Schema.String,
  startedAt: Schema.String,
  /** Duration of all trials, without waiting. */
  seconds: Schema.Finite,
})
export type Provenance = typeof Provenance.Type

/** A trial with its rows. */
export interface Trial {
  readonly settings: TrialSettings
  readonly seed: number
  readonly rows: ReadonlyArray<Row>
}

export interface Stored {
  readonly provenance: Provenance
  /** In the order of the sweep. */
  readonly trials: ReadonlyArray<Trial>
}

/** Digest of a registration: SHA-256 of question, expectations and sweep, independent of the layout of their files. */
export const digestOf = (registered: Registered, sweep: Sweep): Effect.Effect<string> => {
  const { vary, ...rest } = Schema.encodeSync(Sweep)(sweep)
  return sha256(
    canonical({
      registered: Schema.encodeSync(Registered)(registered),
      sweep: { ...rest, vary: Object.entries(vary) },
    }),
  )
}

const key = "nonconvex-study"

const Text = Schema.fromJsonString(Schema.toCodecJson(Provenance))

/** Setting as a cell; non-scalars become JSON. */
export const cellOf = (value: Schema.Json): Value =>
  typeof value === "object" ? canonical(value) : value

/** Columns that identify each row; no setting or experiment may define them. */
const reserved = ["trial", "seed"]

/** The name that a setting has as a column, where rows have one of that name. */
export const columnOf = (setting: string, columns: ReadonlyArray<string>): string =>
  [...reserved, ...columns].includes(setting) ? `setting.${setting}` : setting

/** Name of a column of an experiment next to those of the trial. */
const besideTrial = (column: string): string =>
  reserved.includes(column) ? `row.${column}` : column

/** Every row with its trial, its seed and the settings that vary. */
export const flat = ({ provenance: { columns }, trials }: Stored): ReadonlyArray<Row> =>
  trials.flatMap(({ rows, seed, settings }, trial) =>
    rows.map((row) => ({
      trial,
      seed,
      ...Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [columnOf(name, columns), cellOf(value)]),
      ),
      ...Object.fromEntries(Object.entries(row).map(([name, value]) => [besideTrial(name), value])),
    })),
  )

const typeOf = (values: ReadonlyArray<Value | undefined>): Type => {
  const types = new Set(values.flatMap((value) => (value === undefined ? [] : [typeof value])))
  const [only] = types
  return types.size !== 1 || only === "string" ? "text" : (only as Type)
}

/** The bytes of the file. */
export const encode = async (stored: Stored): Promise<Uint8Array> => {
  const Parquet = await import("../runs/Parquet.ts")
  const rows = flat(stored)
  const names = [...new Set(rows.flatMap(Object.keys))]
  const columns = names.map((name): Column => ({
    name,
    type: typeOf(rows.map((row) => row[name])),
    of: (_, row) => row[name],
  }))
  const lines = async function* () {
    for (const row of rows) yield names.map((name) => row[name])
  }
  const text = Schema.encodeSync(Text)(stored.provenance)
  return Parquet.encode(columns, lines(), [{ key, value: text }])
}

/** A file that holds no result of a study. */
export class UnreadableStudy extends Schema.TaggedError<UnreadableStudy>()("UnreadableStudy", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

/** Maximum bytes of a result file, since it may be untrusted. */
export const mostBytes = 2 ** 28

const isSource = import.meta.url.endsWith(".ts")

const unpacking = new URL(
  isSource ? "./unpacking/worker.ts" : "./unpacking/worker.js",
  import.meta.url,
)

interface Unpacked {
  readonly text: string | undefined
  readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const startThread = (): Worker =>
  new Worker(unpacking, {
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
    ...(isSource ? { execArgv: ["--conditions=source"] } : {}),
  })

/**
 * Thread that waits for the next file, because starting one takes longer than unpacking. It does not keep the process alive.
 */
let waiting: Worker | undefined

const release = (thread: Worker): void => {
  thread.removeAllListeners("error").removeAllListeners("exit")
  thread.unref()
  if (waiting === undefined) waiting = thread
  else void thread.terminate()
}

/** Unpacks a file in a thread. The thread ends on a failure, or if no one waits for the file any longer. */
const unpack = (bytes: Uint8Array): Effect.Effect<Unpacked, string> =>
  Effect.callback((resume) => {
    const { buffer } = new Uint8Array(bytes)
    const thread = waiting ?? startThread()
    waiting = undefined
    thread.ref()
    thread
      .once("message", (unpacked: Unpacked) => {
        release(thread)
        resume(Effect.succeed(unpacked))
      })
      .once("error", (error) => resume(Effect.fail(messageOf(error))))
      .once("exit", () => resume(Effect.fail("its thread ended")))
      .postMessage({ buffer, key }, [buffer])
    return Effect.promise(() => thread.terminate())
  })

/** Time limit in seconds: a base for starting the thread, and one second per megabyte. */
const patience = (bytes: Uint8Array): number => 10 + bytes.length / 2 ** 20

const isValue = (value: unknown): value is Value =>
  typeof value === "number" || typeof value === "string" || typeof value === "boolean"

const rowOf = (cells: Readonly<Record<string, unknown>>, columns: ReadonlyArray<string>): Row =>
  Object.fromEntries(
    columns.flatMap((name) => {
      const value = cells[besideTrial(name)]
      return value === null || value === undefined ? [] : [[name, value as Value]]
    }),
  )

/** Restores the settings of a trial from those that the sweep varies. */
const restored = (
  cells: Readonly<Record<string, unknown>>,
  { columns, settings }: Provenance,
): TrialSettings =>
  Object.fromEntries(settings.map((name) => [name, cells[columnOf(name, columns)] as Schema.Json]))

/**
 * Reads a result from the bytes of a file; non-scalar settings are parsed from JSON. Fails with `UnreadableStudy` naming
 * `path`.
 */
export const decode = Effect.fnUntraced(function* (path: string, bytes: Uint8Array) {
  const failed = (reason: string) => new UnreadableStudy({ path, reason })
  const { rows, text } = yield* unpack(bytes).pipe(
    Effect.timeoutOrElse({
      duration: 1000 * patience(bytes),
      orElse: () => Effect.fail("it takes too long"),
    }),
    Effect.mapError((reason) => failed(`is not a Parquet file (${reason})`)),
    // a thread does not wait by the clock of a test
    Effect.provideService(Clock.Clock, Clock.Clock.defaultValue()),
  )
  if (text === undefined) return yield* failed("does not name its study")
  const provenance = yield* Effect.mapError(Schema.decodeUnknownEffect(Text)(text), (error) =>
    failed(`has an invalid provenance (${Reason.of(error)})`),
  )
  const trials: Array<{ settings: TrialSettings; seed: number; rows: Array<Row> }> = []
  for (const cells of rows) {
    const strange = Object.keys(cells).find(
      (name) => cells[name] !== null && cells[name] !== undefined && !isValue(cells[name]),
    )
    if (strange !== undefined) {
      return yield* failed(
        `has a column ${strange} that holds neither numbers nor texts nor Booleans`,
      )
    }
    const place = Number(cells["trial"])
    const row = rowOf(cells, provenance.columns)
    if (place === trials.length - 1) trials[place]!.rows.push(row)
    else if (place === trials.length) {
      trials.push({
        settings: restored(cells, provenance),
        seed: Number(cells["seed"]),
        rows: [row],
      })
    } else return yield* failed(`trial ${place} follows instead of trial ${trials.length}`)
  }
  return { provenance, trials } satisfies Stored
})
