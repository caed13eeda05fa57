/** Work of libraries on files of strangers, which can keep them busy for ever: in a thread that is ended. */
import { Effect, Schema } from "effect"
import { Worker } from "node:worker_threads"

/** The thread came to nothing: it took too long or too much memory, or broke. */
class Lost extends Schema.TaggedError<Lost>()("Lost", { reason: Schema.String }) {
  override get message(): string {
    return `the thread was lost: ${this.reason}`
  }
}

/** Request to a thread, and its limits. */
interface Question<Asked> {
  readonly asked: Asked
  /** Buffers that are transferred instead of copied. */
  readonly moved?: ReadonlyArray<ArrayBuffer>
  /** Milliseconds of work after which it is ended; it may wait for a processor several times as long. */
  readonly patience: number
  /** Megabytes of objects that it may hold; default 2048. */
  readonly memory?: number
}

/** Times its patience after which a thread is ended whatever it has worked: a machine may have other work. */
const slowest = 12

/** Calls `late` where a thread has worked, or waited, for too long; returns how to stop. */
const watch = (worker: Worker, patience: number, late: () => void): (() => void) => {
  const interval = Math.min(patience, 250)
  let waited = 0
  const timer = setInterval(() => {
    waited += interval
    if (waited < patience) return
    // releases of Node before 24.6 do not know what a thread has worked
    if (waited > slowest * patience || typeof worker.cpuUsage !== "function") {
      late()
      return
    }
    worker.cpuUsage().then(
      ({ system, user }) => {
        if (system + user > 1000 * patience) late()
      },
      // it has ended, and was heard
      () => undefined,
    )
  }, interval)
  return () => clearInterval(timer)
}

/**
 * Message of a new thread that is started at `entry` with `asked` as its `workerData`; its type is not checked. It ends when it
 * takes too long or too much memory, which fails with Lost, or when no one waits for it any more.
 */
export const run = <Answer, Asked>(
  entry: URL,
  { asked, memory = 2048, moved = [], patience }: Question<Asked>,
): Effect.Effect<Answer, Lost> =>
  Effect.callback<Answer, Lost>((resume) => {
    const lost = (reason: string) => resume(Effect.fail(new Lost({ reason })))
    const worker = new Worker(entry, {
      workerData: asked,
      transferList: [...moved],
      resourceLimits: { maxOldGenerationSizeMb: memory },
      ...(entry.href.endsWith(".ts") ? { execArgv: ["--conditions=source"] } : {}),
    })
    worker
      .once("message", (answer: Answer) => resume(Effect.succeed(answer)))
      .once("error", (error) => lost(String(error)))
      .once("exit", () => lost("its thread ended"))
    const stop = watch(worker, patience, () => {
      void worker.terminate()
      lost("it takes too long")
    })
    worker.once("exit", stop)
    return Effect.promise(() => {
      stop()
      return worker.terminate()
    })
  })
