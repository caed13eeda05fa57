import { Context, Effect, Layer, Schema, Semaphore } from "effect"
import { Worker } from "node:worker_threads"
import type { Job, Reply } from "./Job.ts"

/** A worker thread stopped, or the job it was given failed. */
export class WorkerFailed extends Schema.TaggedError<WorkerFailed>()("WorkerFailed", {
  job: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.job} failed: ${this.reason}`
  }
}

const runsFromSource = import.meta.url.endsWith(".ts")

const entry = new URL(runsFromSource ? "./worker.ts" : "./worker.js", import.meta.url)

const spawn = () =>
  new Worker(entry, {
    // Packages resolve to their sources where this file is one.
    execArgv: runsFromSource ? ["--conditions=source"] : [],
  })

const converse = (worker: Worker, job: Job, onReply: (reply: Reply) => void) =>
  Effect.callback<Reply, WorkerFailed>((resume) => {
    const fail = (reason: string) => resume(Effect.fail(new WorkerFailed({ job: job.id, reason })))
    const onMessage = (reply: Reply) => {
      if (reply._tag === "Runs" || reply._tag === "Row") onReply(reply)
      else if (reply._tag === "Failed") fail(reply.message)
      else resume(Effect.succeed(reply))
    }
    const onError = (error: unknown) => fail(error instanceof Error ? error.message : String(error))
    const onExit = (code: number) => fail(`its thread ended with code ${code}`)
    worker.on("message", onMessage).on("error", onError).on("exit", onExit)
    worker.postMessage(job)
    return Effect.sync(() => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit)
    })
  })

/**
 * A pool of worker threads. The thread that composes stays free, so progress is drawn and Ctrl-C is heard while they work.
 *
 * Interrupting a job ends its thread at once; the next job starts a fresh one.
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
  static readonly layer = (size: number) =>
    Layer.effect(
      Workers,
      Effect.gen(function* () {
        const idle: Array<Worker> = []
        const free = yield* Semaphore.make(size)
        const end = (worker: Worker) =>
          Effect.promise(() => worker.removeAllListeners().terminate())
        yield* Effect.addFinalizer(() => Effect.forEach(idle, end, { discard: true }))
        const perform = (job: Job, onReply: (reply: Reply) => void) =>
          Effect.acquireUseRelease(
            Effect.sync(() => idle.pop() ?? spawn()),
            (worker) => converse(worker, job, onReply),
            (worker, exit) =>
              exit._tag === "Success" ? Effect.sync(() => idle.push(worker)) : end(worker),
          ).pipe(free.withPermits(1))
        return Workers.of({ size, perform })
      }),
    )
}
