import type { Configured, Row } from "@nonconvex/evidence/Experiment"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { System } from "@nonconvex/evidence/System"
import { Effect } from "effect"
import { Compute } from "./Compute.ts"
import { JobCrashed, type JobFailure } from "./Job.ts"

/**
 * Runs an experiment, each of its cases as a job of its own, and evaluates its figures and expectations.
 *
 * `onCase` sees the rows of each case as it ends, and how many cases have ended. The result is the same on any number of threads, but for
 * its seconds: those of the work of all cases together, without waiting.
 */
export const runExperiment = Effect.fn("runExperiment")(function* (
  system: System,
  { count, encoded, evaluate, experiment }: Configured,
  options: {
    readonly seed: number
    readonly onCase?: (rows: ReadonlyArray<Row>, cases: number) => void
  },
): Effect.fn.Return<ExperimentResult, JobFailure, Compute> {
  const compute = yield* Compute
  let cases = 0
  const found = yield* Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    Effect.fnUntraced(function* (index) {
      const result = yield* compute.perform(system, {
        _tag: "RunCase",
        id: experiment.id,
        config: encoded,
        case: index,
        seed: options.seed,
      })
      if (result._tag !== "Rows") {
        const reason = `unexpected result ${result._tag}`
        return yield* new JobCrashed({ job: experiment.id, reason })
      }
      cases++
      options.onCase?.(result.rows, cases)
      return result
    }),
    { concurrency: "unbounded" },
  )
  const rows = found.flatMap((each) => each.rows)
  const { id, question, source, title } = experiment
  return {
    id,
    title,
    question,
    source,
    seed: options.seed,
    config: encoded,
    rows,
    ...evaluate(rows),
    seconds: found.reduce((sum, each) => sum + each.seconds, 0),
  }
})
