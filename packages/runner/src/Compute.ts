import type { Home } from "@nonconvex/evidence/System"
import { Context, Effect } from "effect"
import { type Job, JobCrashed, type JobFailure, type Progress, type Result } from "./Job.ts"

/** A job without its system, which `perform` is given. */
export type JobOf<Each extends Job = Job> = Each extends Job ? Omit<Each, "system"> : never

/**
 * Computing power: does jobs, wherever there is a core. Interruption, progress, time and retry belong to it, so what it computes knows
 * nothing of them.
 */
export class Compute extends Context.Service<
  Compute,
  {
    /** Name for people: `2 threads`. */
    readonly name: string
    /** Number of jobs that it can do at the same time. */
    readonly size: number
    /** Does a job of a system. Interrupting the effect ends the work; `onProgress` sees how far it is. */
    readonly perform: (
      system: Home,
      job: JobOf,
      onProgress?: (progress: Progress) => void,
    ) => Effect.Effect<Result, JobFailure>
  }
>()("@nonconvex/runner/Compute") {}

/**
 * Watcher of the jobs of a program: called when a job gets a thread; the function that it returns is called when the job leaves the thread, however it
 * ends. Default none.
 */
export const Watch = Context.Reference<(job: JobOf) => () => void>("@nonconvex/runner/Watch", {
  defaultValue: () => () => () => {
    // nobody listens
  },
})

/**
 * A job as the watch of the program hears of it.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Watch, watched } from "@nonconvex/runner"
 * import { Effect } from "effect"
 *
 * const heard: Array<string> = []
 * const job = { _tag: "Operate", id: "example/solve", input: [1, 2] } as const
 * const watching = Effect.provideService(watched(job, Effect.succeed(3)), Watch, ({ id }) => {
 *   heard.push(`began ${id}`)
 *   return () => heard.push(`ended ${id}`)
 * })
 * Effect.runSync(watching) // => 3
 * heard // => ["began example/solve", "ended example/solve"]
 * ```
 */
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

/**
 * Does a job whose result is of this kind.
 *
 * @example
 * ```ts import.meta.vitest
 * import { operation } from "@nonconvex/problems/Operation"
 * import { Capabilities, Inline } from "@nonconvex/runner"
 * import { perform } from "@nonconvex/runner/Compute"
 * import { Layers } from "@nonconvex/runner/node"
 * import { Effect, Schema } from "effect"
 *
 * const norm = operation({
 *   id: "example/norm",
 *   input: Schema.Array(Schema.Finite),
 *   output: Schema.Finite,
 *   failure: Schema.Never,
 *   progress: Schema.Never,
 *   run: (entries, { kernels }) => kernels.norm(Float64Array.from(entries)),
 * })
 * const paper = { title: "Norms", authors: "nobody", venue: "nowhere", year: 2026, arxiv: "none" }
 * const named = { id: "example", title: "Norms", paper, package: "example", version: "1.0.0" }
 * const system = { ...named, claims: [], errata: [], experiments: [], operations: [norm] }
 * const job = { _tag: "Operate", id: norm.id, input: [3, 4] } as const
 * const { output } = await perform(system, job, "Operated").pipe(
 *   Effect.provide(Inline.layer),
 *   Effect.provide(Layers.layer(Capabilities.standard)),
 *   Effect.runPromise,
 * )
 * output // => 5
 * ```
 */
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

/**
 * Reference by which a job names a system.
 *
 * @internal
 */
export const refOf = (system: Home) => ({
  package: system.package,
  version: system.version,
  id: system.id,
})
