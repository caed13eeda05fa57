/** Work of libraries on files of strangers, which can keep them busy for ever: in a thread that is ended. */
import { Clock, Effect, Schema } from "effect"
import { Worker } from "node:worker_threads"

/** The thread came to nothing: it took too long or too much memory, or broke. */
export class Lost extends Schema.TaggedError<Lost>()("Lost", { reason: Schema.String }) {
  override get message(): string {
    return `the thread was lost: ${this.reason}`
  }
}

/** What a thread is asked, and its limits. */
export interface Question<Asked> {
  readonly asked: Asked
  /** What of it is not copied. */
  readonly moved?: ReadonlyArray<ArrayBuffer>
  /** Milliseconds after which it is ended. */
  readonly patience: number
  /** Megabytes of objects that it may hold; default 2048. */
  readonly memory?: number
}

/**
 * The one message of a thread that is started at `entry` with `workerData` as it is asked; what it says is not checked. It ends when it takes too
 * long or too much memory, which fails with Lost, or when nobody waits for it any more.
 */
export const ask = <Answer, Asked>(
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
    return Effect.promise(() => worker.terminate())
  }).pipe(
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.fail(new Lost({ reason: "it takes too long" })),
    }),
    // a thread does not wait by the clock of a test
    Effect.provideService(Clock.Clock, Clock.Clock.defaultValue()),
  )
