import type { DataRead } from "@nonconvex/datasets/Datasets"
import type { Configured, Row } from "@nonconvex/evidence/Experiment"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { System } from "@nonconvex/evidence/System"
import { Effect, Stream } from "effect"
import { type Compute, perform } from "./Compute.ts"
import type { JobFailure } from "./Job.ts"

/** A case that has ended. */
export interface EndedCase {
  /** Its place among the cases, from 0. */
  readonly case: number
  readonly rows: ReadonlyArray<Row>
  /** The data sets that it read. */
  readonly data: ReadonlyArray<DataRead>
  readonly seconds: number
}

/** The cases of an experiment as they end, each a job of its own: on several threads not in their order. */
export const casesOf = (
  system: System,
  { count, encoded, experiment }: Configured,
  { seed }: { readonly seed: number },
): Stream.Stream<EndedCase, JobFailure, Compute> =>
  Stream.fromIterable(Array.from({ length: count }, (_, index) => index)).pipe(
    Stream.mapEffect(
      (index) => {
        const job = { id: experiment.id, config: encoded, case: index, seed }
        return Effect.map(
          perform(system, { _tag: "RunCase", ...job }, "Rows"),
          ({ data = [], rows, seconds }) => ({ case: index, rows, data, seconds }),
        )
      },
      { concurrency: "unbounded", unordered: true },
    ),
  )

/** Each data set once. */
const distinct = (read: ReadonlyArray<DataRead>): ReadonlyArray<DataRead> => [
  ...new Map(read.map((each) => [`${each.name} ${each.digest}`, each])).values(),
]

/**
 * Runs an experiment, each of its cases as a job of its own, and evaluates its figures and expectations.
 *
 * `onCase` sees the rows of each case as it ends, and how many cases have ended. The result is the same on any number of threads, but for
 * its seconds: those of the work of all cases together, without waiting.
 */
export const runExperiment = Effect.fn("runExperiment")(function* (
  system: System,
  configured: Configured,
  options: {
    readonly seed: number
    readonly onCase?: (rows: ReadonlyArray<Row>, cases: number) => void
  },
): Effect.fn.Return<ExperimentResult, JobFailure, Compute> {
  const found: Array<EndedCase> = []
  yield* Stream.runForEach(casesOf(system, configured, options), (ended) =>
    Effect.sync(() => {
      found.push(ended)
      options.onCase?.(ended.rows, found.length)
    }),
  )
  const cases = found.toSorted((a, b) => a.case - b.case)
  const rows = cases.flatMap((each) => each.rows)
  const data = distinct(cases.flatMap((each) => each.data))
  const { id, question, source, title } = configured.experiment
  return {
    id,
    title,
    question,
    source,
    seed: options.seed,
    config: configured.encoded,
    rows,
    ...configured.evaluate(rows),
    seconds: cases.reduce((sum, each) => sum + each.seconds, 0),
    ...(data.length === 0 ? {} : { data }),
  }
})
