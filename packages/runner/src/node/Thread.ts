/** A worker thread as a pool sees it. */
import * as NodeWorker from "@effect/platform-node/NodeWorker"
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect, Schema } from "effect"
import * as EffectWorker from "effect/workers/Worker"
import { clearTimeout, setTimeout } from "node:timers"
import { Worker } from "node:worker_threads"
import { Capabilities } from "../Capabilities.ts"
import { arrived, type Crossing, type Message, type Reply } from "../Job.ts"
import * as MemoryLimit from "./MemoryLimit.ts"

const runsFromSource = import.meta.url.endsWith(".ts")

const entry = new URL(runsFromSource ? "./worker.ts" : "./worker.js", import.meta.url)

/** A thread and the receiver of its messages: at most one message at a time. */
export interface Thread {
  readonly send: (message: Message) => Effect.Effect<void, unknown>
  /** Ends the thread in any state; one that does not end soon, for example during a system call, is abandoned. */
  readonly end: Effect.Effect<void>
  hear: (reply: Reply | { readonly _tag: "Ended"; readonly reason: string }) => void
}

export const unheard = () => {
  // no one listens while a thread waits
}

/** Milliseconds allowed for a thread to end; code ends at its next loop or call. */
const patience = 500

/** Tests whether a thread ends within the patience. */
const ends = (worker: Worker): Promise<boolean> =>
  new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(false), patience)
    void worker.terminate().finally(() => {
      clearTimeout(giveUp)
      resolve(true)
    })
  })

/** Starts a thread with a memory limit; `onEnd` is called at its end, whatever the reason. */
export const spawn = Effect.fnUntraced(function* (
  capabilities: Capabilities,
  most: number,
  onEnd: (thread: Thread) => void,
) {
  const worker = new Worker(entry, {
    workerData: Schema.encodeSync(Capabilities)(capabilities),
    resourceLimits: MemoryLimit.resourceLimits,
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
  MemoryLimit.watch(worker, most, (limit) => {
    reason = `its thread held more than ${Math.round(limit / 2 ** 20)} MB`
    void worker.terminate()
  })
  const platform = yield* EffectWorker.WorkerPlatform
  const { run, send } = yield* platform.spawn<Crossing, Message>(0).pipe(
    Effect.provideService(EffectWorker.Spawner, () => worker),
    Effect.orDie,
  )
  const thread: Thread = {
    send,
    hear: unheard,
    end: Effect.gen(function* () {
      const isGone = yield* Effect.promise(() => ends(worker))
      // of a thread that ended before it had begun, the fiber that listens hears nothing
      ended(isGone ? reason : "its thread does not stop")
    }),
  }
  const ended = (why: string) => {
    onEnd(thread)
    thread.hear({ _tag: "Ended", reason: why })
    thread.hear = unheard
  }
  yield* run((message) => Effect.sync(() => thread.hear(arrived(message)))).pipe(
    Effect.catchCause(() => Effect.sync(() => ended(reason))),
    // not in a scope: a thread that is busy would let its closing wait for it; at once, for a thread says only once that it is ready
    Effect.forkDetach({ startImmediately: true }),
  )
  return thread
}, Effect.provide(NodeWorker.layerPlatform))
