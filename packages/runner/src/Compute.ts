import type { Home } from "@nonconvex/evidence/System"
import { Context, Effect } from "effect"
import type { Job, Progress, Result } from "./Job.ts"
import { JobCrashed, type JobFailure } from "./JobFailure.ts"

/** Job without its system, which `perform` receives separately. */
export type JobOf<Each extends Job = Job> = Each extends Job ? Omit<Each, "system"> : never

/**
 * Computing power: runs jobs on available cores. It handles interruption, progress, time and retries, so computations need
 * not know about them.
 */
export class Compute extends Context.Service<
  Compute,
  {
    /** Name for people: `2 threads`. */
    readonly name: string
    /** Number of jobs that it can do at the same time. */
    readonly size: number
    /** Runs a job of a system. Interrupting the effect ends the work; `onProgress` receives its progress. */
    readonly perform: (
      system: Home,
      job: JobOf,
      onProgress?: (progress: Progress) => void,
    ) => Effect.Effect<Result, JobFailure>
  }
>()("@nonconvex/runner/Compute") {}

/**
 * Watcher of the jobs of a program. It is called when a job gets a thread. It returns a function that is called when the job
 * leaves the thread. Default none.
 */
export const Watch = Context.Reference<(job: JobOf) => () => void>("@nonconvex/runner/Watch", {
  defaultValue: () => () => () => {
    // no one listens
  },
})

/** A job as reported to the watch of the program. */
export const watched = <A, E, R>(
  job: JobOf,
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.flatMap(Watch, (began) =>
    Effect.acquireUseRelease(
      Effect.sync(() => began(job)),
      () => work,
      (ended) => Effect.sync(ended),
    ),
  )

/** Runs a job whose result is of this kind. */
export const perform = Effect.fnUntraced(function* <Tag extends Result["_tag"]>(
  system: Home,
  job: JobOf,
  tag: Tag,
  onProgress?: (progress: Progress) => void,
): Effect.fn.Return<Extract<Result, { readonly _tag: Tag }>, JobFailure, Compute> {
  const result = yield* (yield* Compute).perform(system, job, onProgress)
  if (isOf(result, tag)) return result
  return yield* new JobCrashed({ job: job.id, reason: `unexpected result ${result._tag}` })
})

const isOf = <Tag extends Result["_tag"]>(
  result: Result,
  tag: Tag,
): result is Extract<Result, { readonly _tag: Tag }> => result._tag === tag
