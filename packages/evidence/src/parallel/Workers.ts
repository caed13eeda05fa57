import { Context, Effect, Layer, Schema, Semaphore } from "effect"
import type { Worker } from "node:worker_threads"
import * as Reason from "../Reason.ts"
import type { Job, Reply } from "./Job.ts"
import * as Threads from "./Threads.ts"

/** A worker thread stopped, or the job it was given failed. */
export class WorkerFailed extends Schema.TaggedError<WorkerFailed>()("WorkerFailed", {
  job: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.job} failed: ${this.reason}`
  }
}

const converse = (worker: Worker, job: Job, onReply: (reply: Reply) => void) =>
  Effect.callback<Reply, WorkerFailed>((resume) => {
    // a thread outlives its job: what listens to this one must not hear the next
    const hush = () => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit)
    }
    const settle = (outcome: Effect.Effect<Reply, WorkerFailed>) => {
      hush()
      resume(outcome)
    }
    const fail = (reason: string) => settle(Effect.fail(new WorkerFailed({ job: job.id, reason })))
    const onMessage = (reply: Reply) => {
      if (reply._tag === "Runs" || reply._tag === "Row") onReply(reply)
      else settle(Effect.succeed(reply))
    }
    const onError = (error: unknown) => fail(Reason.of(error))
    const onExit = (code: number) => fail(`its thread ended with code ${code}`)
    worker.on("message", onMessage).on("error", onError).on("exit", onExit)
    worker.postMessage(job)
    return Effect.sync(hush)
  })

/**
 * Milliseconds that a search may exceed its budget before its thread is ended: the time to load a system, and one long run.
 *
 * A run that never ends, or a filter that refuses every instance, can be stopped in no other way.
 */
const grace = 3000

const cut: Reply = { _tag: "Found", attempt: { margins: [], interrupted: true } }

/**
 * A pool of worker threads. The thread that composes stays free, so progress is drawn and Ctrl-C is heard while they work.
 *
 * Interrupting a job ends its thread at once, and the next job starts a fresh one. When the layer closes, every thread ends,
 * and jobs that are still under way or waiting fail.
 */
export class Workers extends Context.Service<
  Workers,
  {
    readonly size: number
    /** Does `job` on a free thread and returns its last reply; `onReply` sees the ones before. */
    readonly perform: (
      job: Job,
      onReply: (reply: Reply) => void,
    ) => Effect.Effect<Reply, WorkerFailed>
  }
>()("@nonconvex/evidence/Workers") {
  /** A pool of `size` threads, at least one, each started when it is first needed. */
  static readonly layer = (size: number) =>
    Layer.effect(
      Workers,
      Effect.gen(function* () {
        const count = Math.max(1, Math.floor(size))
        const free = yield* Semaphore.make(count)
        const threads = Threads.make()
        let closed = false
        yield* Effect.addFinalizer(() => {
          closed = true
          return threads.endAll
        })
        const take = (job: Job) =>
          Effect.suspend(() =>
            closed
              ? Effect.fail(new WorkerFailed({ job: job.id, reason: "its pool is closed" }))
              : Effect.sync(threads.take),
          )
        const work = (worker: Worker, job: Job, onReply: (reply: Reply) => void) => {
          const reply = converse(worker, job, onReply)
          if (job._tag === "RunExperiment" || job.search.budget === undefined) return reply
          return Effect.timeoutOrElse(reply, {
            duration: job.search.budget + grace,
            orElse: () => Effect.as(threads.end(worker), cut),
          })
        }
        return Workers.of({
          size: count,
          perform: (job, onReply) =>
            Effect.acquireUseRelease(
              take(job),
              (worker) => work(worker, job, onReply),
              (worker, exit) =>
                exit._tag === "Success"
                  ? Effect.sync(() => threads.giveBack(worker))
                  : threads.end(worker),
            ).pipe(
              free.withPermits(1),
              Effect.flatMap((reply) =>
                reply._tag === "Failed"
                  ? Effect.fail(new WorkerFailed({ job: job.id, reason: reply.message }))
                  : Effect.succeed(reply),
              ),
            ),
        })
      }),
    )
}
