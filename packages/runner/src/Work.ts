/** Does jobs on the thread that calls it. */
import type { Datasets } from "@nonconvex/datasets/Datasets"
import { StaleReplayToken, UnknownControl } from "@nonconvex/evidence/Replay"
import type { AnyOperation } from "@nonconvex/problems/Operation"
import type { Given } from "@nonconvex/evidence/Given"
import { evidenceOf, type Home } from "@nonconvex/evidence/System"
import * as Reason from "@nonconvex/evidence/Reason"
import { type Keeping, never } from "@nonconvex/evidence/Resuming"
import type { Snapshot } from "@nonconvex/problems/Snapshot"
import { Effect, type Layer, Schema } from "effect"
import type { Job, Progress, Result } from "./Job.ts"
import { JobCrashed, type JobFailure, OperationFailed, WrongSystem } from "./JobFailure.ts"

/** Milliseconds between two reports of progress. */
const interval = 100

/** Throttles reports to at most one in `interval` milliseconds. */
const throttled = <Parameters extends ReadonlyArray<unknown>>(
  report: (...parameters: Parameters) => void,
  every = interval,
) => {
  let last = performance.now()
  return (...parameters: Parameters) => {
    const now = performance.now()
    if (now - last < every) return
    last = now
    report(...parameters)
  }
}

const named = <Item extends { readonly id: string }>(
  system: Home,
  items: ReadonlyArray<Item>,
  id: string,
): Effect.Effect<Item, WrongSystem> => {
  const [found, twin] = items.filter((item) => item.id === id)
  const module = system.module ?? system.package
  if (found === undefined) return Effect.fail(new WrongSystem({ module, reason: `has no ${id}` }))
  if (twin !== undefined) {
    return Effect.fail(new WrongSystem({ module, reason: `has ${id} more than once` }))
  }
  return Effect.succeed(found)
}

/** A plain call with its time; a thrown error that is not `expected` crashes the job. */
const timed = <A, E extends JobFailure = never>(
  job: Job,
  work: () => A,
  expected: (thrown: unknown) => E | undefined = () => undefined,
): Effect.Effect<{ readonly value: A; readonly seconds: number }, E | JobCrashed> =>
  Effect.suspend(() => {
    const started = performance.now()
    try {
      const value = work()
      return Effect.succeed({ value, seconds: (performance.now() - started) / 1000 })
    } catch (thrown) {
      return Effect.fail(
        expected(thrown) ?? new JobCrashed({ job: job.id, reason: Reason.of(thrown) }),
      )
    }
  })

/** Search engine with its property tester, which operations do not need. */
const engine = Effect.promise(() => import("@nonconvex/evidence/Verify"))

const staleOrUnknown = (thrown: unknown) =>
  thrown instanceof UnknownControl || thrown instanceof StaleReplayToken ? thrown : undefined

const operate = (
  operation: AnyOperation,
  job: Job & { readonly _tag: "Operate" },
  given: Given,
  onProgress: (progress: Progress) => void,
) =>
  operation.open(({ failure, input, output, progress, run }) => {
    const isFailure = Schema.is(failure)
    const report = throttled((each: typeof progress.Type) =>
      onProgress({ _tag: "Reported", progress: Schema.encodeSync(progress)(each) }),
    )
    return timed(
      job,
      () =>
        Schema.encodeSync(output)(
          run(Schema.decodeUnknownSync(input)(job.input), { ...given, report }),
        ),
      (thrown) =>
        isFailure(thrown)
          ? new OperationFailed({ operation: job.id, error: Schema.encodeSync(failure)(thrown) })
          : undefined,
    )
  })

/** State from which a case continues, and the destination of its saves. */
const keepingOf = (
  { resuming }: Job & { readonly _tag: "RunCase" },
  seconds: () => number,
  onProgress: (progress: Progress) => void,
): Keeping => {
  if (resuming === undefined) return never
  const report = throttled(
    (write: () => Snapshot) =>
      onProgress({ _tag: "Saved", checkpoint: { snapshot: write(), seconds: seconds() } }),
    1000 * resuming.every,
  )
  return { from: resuming.from?.snapshot, onSnapshot: report }
}

/**
 * Services that a thread needs to run jobs.
 *
 * @internal
 */
interface Means {
  readonly given: Given
  /** Built if an experiment requests data. */
  readonly data: Layer.Layer<Datasets>
}

/**
 * Does a job of `system` on this thread, which is busy meanwhile.
 *
 * @internal
 */
export const perform = Effect.fnUntraced(function* (
  system: Home,
  job: Job,
  { data, given }: Means,
  onProgress: (progress: Progress) => void,
): Effect.fn.Return<Result, JobFailure> {
  const onRun = throttled((runs: number, worst: number) =>
    onProgress({ _tag: "Runs", runs, worst }),
  )
  switch (job._tag) {
    case "SearchClaim": {
      const { searchClaim } = yield* engine
      const claim = yield* named(system, evidenceOf(system).claims, job.id)
      const { seconds, value } = yield* timed(
        job,
        () => searchClaim(claim, job.control, job.search, given, onRun),
        staleOrUnknown,
      )
      return { _tag: "Searched", attempt: value, seconds }
    }
    case "SearchErratum": {
      const { searchErratum } = yield* engine
      const erratum = yield* named(system, evidenceOf(system).errata, job.id)
      const { seconds, value } = yield* timed(job, () =>
        searchErratum(erratum, job.search, given, onRun),
      )
      return { _tag: "Searched", attempt: value, seconds }
    }
    case "Recall": {
      const { replay } = yield* engine
      const subject = yield* named(
        system,
        [...evidenceOf(system).claims, ...evidenceOf(system).errata],
        job.id,
      )
      const { seconds, value } = yield* timed(
        job,
        () => replay(subject, job, given),
        staleOrUnknown,
      )
      return { _tag: "Recalled", recalled: value, seconds }
    }
    case "RunCase": {
      const experiment = yield* named(system, evidenceOf(system).experiments, job.id)
      const { value } = yield* timed(job, () => experiment.configure(job.config))
      const started = performance.now()
      const before = job.resuming?.from?.seconds ?? 0
      const seconds = () => before + (performance.now() - started) / 1000
      const keeping = keepingOf(job, seconds, onProgress)
      const rows = yield* value.rowsOf(job.case, job.seed, given, data, keeping)
      const worked = seconds()
      const read = yield* value.dataOf(job.seed, given, data)
      return { _tag: "Rows", rows, seconds: worked, data: read }
    }
    case "Operate": {
      const operation = yield* named(system, system.operations, job.id)
      const { seconds, value } = yield* operate(operation, job, given, onProgress)
      return { _tag: "Operated", output: value, seconds }
    }
  }
})
