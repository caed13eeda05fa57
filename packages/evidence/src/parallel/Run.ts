import { Duration, Effect, Schema } from "effect"
import type { Experiment, Row } from "../Experiment.ts"
import type { ExperimentResult } from "../Report.ts"
import type { System } from "../System.ts"
import { WorkerFailed, Workers } from "./Workers.ts"

/** The encoded configurations that make up one, in order. */
const partsOf = (experiment: Experiment, config: Schema.Json): ReadonlyArray<Schema.Json> =>
  experiment.open(({ config: codec, parts }) =>
    parts === undefined
      ? [config]
      : parts(Schema.decodeUnknownSync(codec)(config)).map((part) =>
          Schema.encodeSync(codec)(part),
        ),
  )

/**
 * Runs an experiment on the pool, a thread for each of its parts, and evaluates its figures and expectations.
 *
 * `config` is encoded, as `Settings.resolve` returns it. `onRow` sees each row as it arrives, with the number of rows so far. The
 * result is the same on any number of threads.
 */
export const runExperiment = Effect.fn("runExperiment")(function* (
  system: System,
  experiment: Experiment,
  options: {
    readonly config: Schema.Json
    readonly seed: number
    readonly onRow: (row: Row, rows: number) => void
  },
): Effect.fn.Return<ExperimentResult, WorkerFailed, Workers> {
  const workers = yield* Workers
  let count = 0
  const run = Effect.fnUntraced(function* (config: Schema.Json) {
    const rows: Array<Row> = []
    const reply = yield* workers.perform(
      {
        _tag: "RunExperiment",
        module: system.module,
        id: experiment.id,
        config,
        seed: options.seed,
      },
      (sent) => {
        if (sent._tag !== "Row") return
        rows.push(sent.row)
        count++
        options.onRow(sent.row, count)
      },
    )
    if (reply._tag !== "Finished") {
      const reason = `unexpected reply ${reply._tag}`
      return yield* new WorkerFailed({ job: experiment.id, reason })
    }
    return { rows, seconds: reply.seconds }
  })
  const [elapsed, found] = yield* Effect.timed(
    Effect.forEach(partsOf(experiment, options.config), run, { concurrency: "unbounded" }),
  )
  // of one part the time of its work alone, without that in which its thread started
  const seconds = found.length === 1 ? found[0]!.seconds : Duration.toSeconds(elapsed)
  return experiment.open((definition) => {
    const config = Schema.decodeUnknownSync(definition.config)(options.config)
    // the thread has checked each row; this gives them their type back
    const typed = Schema.decodeUnknownSync(Schema.toType(definition.row))
    const decoded = found.flatMap(({ rows }) => rows.map((row) => typed(row)))
    return {
      id: experiment.id,
      title: experiment.title,
      question: experiment.question,
      source: experiment.source,
      seed: options.seed,
      config: options.config,
      rows: found.flatMap(({ rows }) => rows),
      figures: definition.figures(decoded, config),
      expectations: definition.expectations(decoded, config),
      seconds,
    }
  })
})
