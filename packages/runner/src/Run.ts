import type { DataRead } from "@nonconvex/datasets/Datasets"
import { CaseFailed, type Configured, type Row } from "@nonconvex/evidence/Experiment"
import { outsideVocabulary } from "@nonconvex/figures"
import * as Reason from "@nonconvex/evidence/Reason"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { System } from "@nonconvex/evidence/System"
import { Cause, Context, Effect, Queue } from "effect"
import { type Compute, type JobOf, perform } from "./Compute.ts"
import type { RunCase } from "./Job.ts"
import type { JobFailure } from "./JobFailure.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import { type OpenRun, RunStore, type StoreFailed } from "./RunStore.ts"

/** A case that has ended. */
interface EndedCase {
  /** Index among the cases, from 0. */
  readonly case: number
  readonly rows: ReadonlyArray<Row>
  /** The data sets that it read. */
  readonly data: ReadonlyArray<DataRead>
  readonly seconds: number
}

/** Seconds of work between the snapshots of a resumable case: the cost of an interruption. */
export const SnapshotInterval = Context.Reference<number>("@nonconvex/runner/SnapshotInterval", {
  defaultValue: () => 30,
})

/** A case that resumes an earlier attempt, and saves its state for a later one. */
const resumableCase = Effect.fnUntraced(function* (
  system: System,
  job: JobOf<typeof RunCase.Type>,
  run: OpenRun,
) {
  // where the store is slower than the work the latest is enough
  const left = yield* Queue.sliding<Checkpoint>(1)
  yield* Queue.take(left).pipe(
    // without it a break costs more time, and nothing else
    Effect.flatMap((latest) => Effect.ignore(run.leave(job.case, latest))),
    Effect.forever,
    Effect.forkScoped,
  )
  const from = run.left.get(job.case)
  const every = yield* SnapshotInterval
  const resuming = from === undefined ? { every } : { every, from }
  return yield* perform(system, { ...job, resuming }, "Rows", (progress) => {
    if (progress._tag === "Saved") Queue.offerUnsafe(left, progress.checkpoint)
  })
}, Effect.scoped)

/** A case from the stored run, or a job whose result is stored when it ends. */
const caseOf = Effect.fnUntraced(function* (
  system: System,
  { encoded, experiment }: Configured,
  seed: number,
  run: OpenRun,
  index: number,
) {
  const kept = run.parts.get(index)
  if (kept?._tag === "Rows") return kept
  const job = { _tag: "RunCase" as const, id: experiment.id, config: encoded, case: index, seed }
  const rows =
    experiment.isResumable === true
      ? yield* resumableCase(system, job, run)
      : yield* perform(system, job, "Rows")
  yield* run.keep(index, rows)
  return rows
})

const endedCase = (
  system: System,
  configured: Configured,
  seed: number,
  run: OpenRun,
  index: number,
): Effect.Effect<EndedCase, JobFailure | StoreFailed, Compute> =>
  Effect.map(caseOf(system, configured, seed, run, index), ({ data = [], rows, seconds }) => ({
    case: index,
    rows,
    data,
    seconds,
  }))

const indicesOf = ({ count }: Configured) => Array.from({ length: count }, (_, index) => index)

const opened = Effect.fnUntraced(function* (
  system: System,
  { count, encoded, experiment: { id } }: Configured,
  seed: number,
) {
  const store = yield* RunStore
  return yield* store.open(system, { kind: "experiment", id, config: encoded, seed, parts: count })
})

/** Each data set once. */
const distinct = (read: ReadonlyArray<DataRead>): ReadonlyArray<DataRead> => [
  ...new Map(read.map((each) => [`${each.name} ${each.digest}`, each])).values(),
]

/** An interrupted run is unfinished; a failure is stored. */
const failed = (run: OpenRun, cause: Cause.Cause<JobFailure | StoreFailed>) =>
  Cause.hasInterrupts(cause)
    ? Effect.void
    : Effect.ignore(run.end({ _tag: "Failed", reason: Reason.of(Cause.squash(cause)) }))

/**
 * Runs an experiment, each case as a separate job, and evaluates its figures and expectations.
 *
 * Cases in the program's store are reused. `onCase` receives the rows of each case when it ends, and the number of finished
 * cases. The result is the same on any number of threads, except for its seconds: the total work of all cases, without
 * waiting.
 */
export const runExperiment = Effect.fnUntraced(function* (
  system: System,
  configured: Configured,
  options: {
    readonly seed: number
    readonly onCase?: (rows: ReadonlyArray<Row>, cases: number) => void
  },
): Effect.fn.Return<ExperimentResult, JobFailure | StoreFailed, Compute> {
  const run = yield* opened(system, configured, options.seed)
  let ended = 0
  // a stream would cost a short case more than its work
  const cases = yield* Effect.forEach(
    indicesOf(configured),
    (index) =>
      Effect.map(endedCase(system, configured, options.seed, run, index), (each) => {
        ended += 1
        options.onCase?.(each.rows, ended)
        return each
      }),
    // one is not worth a fiber of its own
    { concurrency: configured.count === 1 ? 1 : "unbounded" },
  ).pipe(Effect.onError((cause) => failed(run, cause)))
  const rows = cases.flatMap((each) => each.rows)
  const data = distinct(cases.flatMap((each) => each.data))
  const { deterministic, id, paperScale, question, source, title } = configured.experiment
  const shown = configured.evaluate(rows)
  for (const figure of shown.figures) {
    const place = outsideVocabulary(figure.spec)
    if (place === undefined) continue
    const reason = `figure ${figure.id}: ${place} is not allowed in a figure`
    yield* run.end({ _tag: "Failed", reason })
    return yield* new CaseFailed({ experiment: id, case: cases.length - 1, reason })
  }
  yield* run.end({ _tag: "Shown", expectations: shown.expectations, data })
  return {
    id,
    title,
    question,
    source,
    ...(paperScale === undefined ? {} : { paperScale }),
    ...(deterministic === undefined ? {} : { deterministic }),
    seed: options.seed,
    config: configured.encoded,
    rows,
    ...shown,
    seconds: cases.reduce((sum, each) => sum + each.seconds, 0),
    ...(data.length === 0 ? {} : { data }),
  }
})
