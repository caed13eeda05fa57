import { Effect, Schema } from "effect"
import type { Experiment, Row } from "../Experiment.ts"
import type { ExperimentResult } from "../Report.ts"
import type { System } from "../System.ts"
import { WorkerFailed, Workers } from "./Workers.ts"

/**
 * Runs an experiment on a thread of the pool and evaluates its figures and expectations.
 *
 * `config` is encoded, as `Settings.resolve` returns it. `onRow` sees each row as it arrives, with the rows so far.
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
  const rows: Array<Row> = []
  const reply = yield* workers.perform(
    {
      _tag: "RunExperiment",
      module: system.module,
      id: experiment.id,
      config: options.config,
      seed: options.seed,
    },
    (sent) => {
      if (sent._tag !== "Row") return
      rows.push(sent.row)
      options.onRow(sent.row, rows.length)
    },
  )
  if (reply._tag !== "Finished") {
    return yield* new WorkerFailed({ job: experiment.id, reason: `unexpected reply ${reply._tag}` })
  }
  return experiment.open((definition) => {
    const config = Schema.decodeUnknownSync(definition.config)(options.config)
    // the thread has checked each row; this gives them their type back
    const typed = Schema.decodeUnknownSync(Schema.toType(definition.row))
    const decoded = rows.map((row) => typed(row))
    return {
      id: experiment.id,
      title: experiment.title,
      question: experiment.question,
      source: experiment.source,
      seed: options.seed,
      config: options.config,
      rows,
      figures: definition.figures(decoded, config),
      expectations: definition.expectations(decoded, config),
      seconds: reply.seconds,
    }
  })
})
