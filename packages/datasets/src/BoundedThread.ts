/** Runs libraries on untrusted files in a separate thread, which can be ended, since such files may keep them busy forever. */
import { Effect, Schema } from "effect"
import process from "node:process"
import { Worker } from "node:worker_threads"
import { messageOf } from "./LibraryMessage.ts"

/** The thread returned no result: it exceeded its time or memory, or crashed. */
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
  /** Milliseconds of computation after which it is ended; it may wait for a processor several times as long. */
  readonly patience: number
  /** Maximum megabytes of objects; default 2048. */
  readonly memory?: number
}

/** Multiple of the patience after which a thread is ended in any case; the machine may have other work. */
const slowest = 12

/**
 * Calls `late` if a thread works or waits for too long; returns a function that stops the watch. A thread within one call of a
 * library does not say how long it has worked: then the processor time of the whole program, which is no less, decides.
 */
const watch = (worker: Worker, patience: number, late: () => void): (() => void) => {
  const interval = Math.min(patience, 250)
  const began = process.cpuUsage()
  let waited = 0
  let isAsked = false
  const isOver = ({ system, user }: NodeJS.CpuUsage): boolean => system + user > 1000 * patience
  const timer = setInterval(() => {
    waited += interval
    if (waited > slowest * patience) late()
    else if (isOver(process.cpuUsage(began))) {
      // releases of Node before 24.6 do not know what a thread has worked
      if (isAsked || typeof worker.cpuUsage !== "function") {
        late()
        return
      }
      isAsked = true
      worker.cpuUsage().then(
        (used) => {
          isAsked = false
          if (isOver(used)) late()
        },
        // it has ended, and was heard
        () => undefined,
      )
    }
  }, interval)
  return () => clearInterval(timer)
}

/**
 * Message of a new thread started at `entry` with `asked` as its `workerData`; its type is not checked. The thread is ended
 * if it exceeds its time or memory, which fails with Lost, or if no one waits for it any longer.
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
      .once("error", (error) => lost(messageOf(error)))
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
