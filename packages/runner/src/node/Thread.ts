/** A worker thread as a pool sees it. */
import * as NodeWorker from "@effect/platform-node/NodeWorker"
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect, Fiber, Schema } from "effect"
import * as EffectWorker from "effect/workers/Worker"
import { Worker } from "node:worker_threads"
import { Capabilities } from "../Capabilities.ts"
import { Reply } from "../Job.ts"

const runsFromSource = import.meta.url.endsWith(".ts")

const entry = new URL(runsFromSource ? "./worker.ts" : "./worker.js", import.meta.url)

/** A thread, and who hears what it says: at most one message at a time. */
export interface Thread {
  readonly send: (message: unknown) => Effect.Effect<void, unknown>
  /** Ends the thread at once, whatever it does. */
  readonly end: Effect.Effect<void>
  hear: (reply: Reply | { readonly _tag: "Ended"; readonly reason: string }) => void
}

export const unheard = () => {
  // nobody listens while a thread waits
}

/** Starts a thread; `onEnd` sees it end, however it does. */
export const spawn = Effect.fnUntraced(function* (
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
