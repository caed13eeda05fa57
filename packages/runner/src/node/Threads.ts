import * as NodeWorker from "@effect/platform-node/NodeWorker"
import type { System } from "@nonconvex/evidence/System"
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect, Fiber, Layer, Schema, Semaphore } from "effect"
import * as EffectWorker from "effect/workers/Worker"
import { Worker } from "node:worker_threads"
import { Capabilities } from "../Capabilities.ts"
import { Compute, type JobOf, refOf, watched } from "../Compute.ts"
import {
  Job,
  type JobFailure,
  NotPortable,
  type Progress,
  Reply,
  type Result,
  ThreadEnded,
} from "../Job.ts"

const runsFromSource = import.meta.url.endsWith(".ts")

const entry = new URL(runsFromSource ? "./worker.ts" : "./worker.js", import.meta.url)

/** A thread of the pool, and who hears what it says: at most one job at a time. */
interface Thread {
  readonly send: (message: unknown) => Effect.Effect<void, unknown>
  /** Ends the thread at once, whatever it does. */
  readonly end: Effect.Effect<void>
  hear: (reply: Reply | { readonly _tag: "Ended"; readonly reason: string }) => void
}

const unheard = () => {
  // nobody listens while a thread waits
}

const spawn = Effect.fnUntraced(function* (
  capabilities: Capabilities,
  onEnd: (thread: Thread) => void,
) {
  const worker = new Worker(entry, {
    workerData: Schema.encodeSync(Capabilities)(capabilities),
    // a fifth less memory, and not measurably slower: claims make much garbage that V8 else lets lie
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
    // where this file is a source, packages resolve to their sources; else a thread takes the options of its parent
    ...(runsFromSource ? { execArgv: ["--conditions=source"] } : {}),
  })
  let reason = "its thread ended"
  worker
    .once("error", (error) => {
      reason = Reason.of(error)
    })
    .once("exit", (code) => {
      if (reason === "its thread ended") reason = `its thread ended with code ${code}`
    })
  const platform = yield* EffectWorker.WorkerPlatform
  const { run, send } = yield* platform.spawn(0).pipe(
    Effect.provideService(EffectWorker.Spawner, () => worker),
    Effect.orDie,
  )
  const decode = Schema.decodeUnknownSync(Reply)
  const thread: Thread = {
    send,
    hear: unheard,
    end: Effect.suspend(() =>
      Effect.andThen(
        Effect.promise(() => worker.terminate()),
        Fiber.await(fiber),
      ),
    ),
  }
  const fiber = yield* run((message) => Effect.sync(() => thread.hear(decode(message)))).pipe(
    Effect.catchCause(() =>
      Effect.sync(() => {
        onEnd(thread)
        thread.hear({ _tag: "Ended", reason })
      }),
    ),
    // not in a scope: a thread that is busy would let its closing wait for it
    Effect.forkDetach,
  )
  return thread
}, Effect.provide(NodeWorker.layerPlatform))

const converse = (thread: Thread, job: Job, onProgress: (progress: Progress) => void) =>
  Effect.callback<Result, JobFailure>((resume) => {
    const settle = (outcome: Effect.Effect<Result, JobFailure>) => {
      thread.hear = unheard
      resume(outcome)
    }
    thread.hear = (reply) => {
      switch (reply._tag) {
        case "Progressed":
          return onProgress(reply.progress)
        case "Succeeded":
          return settle(Effect.succeed(reply.result))
        case "Failed":
          return settle(Effect.fail(reply.failure))
        case "Ended":
          return settle(Effect.fail(new ThreadEnded({ job: job.id, reason: reply.reason })))
      }
    }
    return Effect.sync(() => {
      thread.hear = unheard
    })
  })

/** What a job is about: the claim, experiment or operation of its id. */
const subjectsOf = (system: System, { _tag }: JobOf): ReadonlyArray<{ readonly id: string }> => {
  switch (_tag) {
    case "SearchClaim":
      return system.claims
    case "SearchErratum":
      return system.errata
    case "Recall":
      return [...system.claims, ...system.errata]
    case "RunCase":
      return system.experiments
    case "Operate":
      return system.operations
  }
}

/**
 * Where a thread finds what a job is about: only what the module of its system exports is made again there as it is here. A claim about
 * another optimizer is another object, whatever its id.
 */
const portable = (system: System, job: JobOf): Effect.Effect<string, NotPortable> =>
  Effect.gen(function* () {
    const refuse = (reason: string) => new NotPortable({ subject: job.id, reason })
    const { module } = system
    if (module === undefined) return yield* refuse("its system names no module")
    const exported = yield* Effect.tryPromise({
      try: () => import(module) as Promise<{ readonly system?: System }>,
      catch: (cause) => refuse(`${module} cannot be loaded (${Reason.of(cause)})`),
    })
    if (exported.system === undefined) return yield* refuse(`${module} exports no \`system\``)
    const here = subjectsOf(system, job).filter(({ id }) => id === job.id)
    const there = subjectsOf(exported.system, job).filter(({ id }) => id === job.id)
    // none or two of a name are for the thread to refuse
    const isSame = here.every((each, i) => each === there[i])
    return isSame ? module : yield* refuse(`${module} exports another one of this name`)
  })

/**
 * Milliseconds that a search may exceed its budget before its thread is ended: the time to load a system, and one long run.
 *
 * A run that never ends, or a filter that refuses every instance, can be stopped in no other way.
 */
const grace = 3000

const cut: Result = {
  _tag: "Searched",
  attempt: { margins: [], interrupted: true },
  seconds: 0,
}

const budgetOf = (job: Job): number | undefined =>
  job._tag === "SearchClaim" || job._tag === "SearchErratum" ? job.search.budget : undefined

/**
 * A pool of `size` threads, at least one, each started when it is first needed, with the capabilities of a description. The thread that
 * composes stays free, so progress is drawn and Ctrl-C is heard while they work.
 *
 * Interrupting a job ends its thread at once, and the next job starts a fresh one. A thread that ends fails its own job and no other. When
 * the layer closes, every thread ends, and jobs that are still under way or waiting fail.
 */
export const layer = (size: number, capabilities: Capabilities): Layer.Layer<Compute> =>
  Layer.effect(
    Compute,
    Effect.gen(function* () {
      const count = Math.max(1, Math.floor(size))
      const free = yield* Semaphore.make(count)
      const living = new Set<Thread>()
      const idle: Array<Thread> = []
      let closed = false
      const forget = (thread: Thread) => {
        living.delete(thread)
        const at = idle.indexOf(thread)
        if (at >= 0) idle.splice(at, 1)
      }
      const end = (thread: Thread) =>
        Effect.suspend(() => {
          forget(thread)
          return thread.end
        })
      yield* Effect.addFinalizer(() =>
        Effect.suspend(() => {
          closed = true
          return Effect.forEach([...living], end, { concurrency: "unbounded", discard: true })
        }),
      )
      const take = (job: Job) =>
        Effect.suspend((): Effect.Effect<Thread, ThreadEnded> => {
          if (closed) {
            return Effect.fail(new ThreadEnded({ job: job.id, reason: "its pool is closed" }))
          }
          const waiting = idle.pop()
          if (waiting !== undefined) return Effect.succeed(waiting)
          return Effect.tap(spawn(capabilities, forget), (thread) =>
            Effect.sync(() => living.add(thread)),
          )
        })
      const work = (thread: Thread, job: Job, onProgress: (progress: Progress) => void) => {
        const budget = budgetOf(job)
        const result = converse(thread, job, onProgress)
        const sent = Effect.andThen(Effect.orDie(thread.send(Schema.encodeSync(Job)(job))), result)
        if (budget === undefined) return sent
        return Effect.timeoutOrElse(sent, {
          duration: budget + grace,
          orElse: () => Effect.as(end(thread), cut),
        })
      }
      return Compute.of({
        name: `${count} thread${count === 1 ? "" : "s"}`,
        size: count,
        perform: Effect.fnUntraced(function* (
          system: System,
          of: JobOf,
          onProgress: (progress: Progress) => void = () => undefined,
        ) {
          const job: Job = {
            ...of,
            system: { ...refOf(system), module: yield* portable(system, of) },
          }
          return yield* Effect.acquireUseRelease(
            take(job),
            (thread) => watched(of, work(thread, job, onProgress)),
            (thread, exit) =>
              exit._tag === "Success" && living.has(thread)
                ? Effect.sync(() => idle.push(thread))
                : end(thread),
          ).pipe(free.withPermits(1))
        }),
      })
    }),
  )
