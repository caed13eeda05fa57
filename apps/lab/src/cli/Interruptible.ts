/** Work that blocks the main thread and can still be ended by Ctrl-C. */
import * as Effect from "effect/Effect"
import process from "node:process"
import { signals } from "./Failure.ts"

/** Lets the event loop deliver pending signals: two turns, because after one it may not have polled the system again. */
const turns = Effect.callback<void>((resume) => {
  setImmediate(() => setImmediate(() => resume(Effect.void)))
})

const deaf = <Value>(work: () => Value): Value => {
  const handlers = signals.map((signal) => [signal, process.listeners(signal)] as const)
  for (const [signal] of handlers) process.removeAllListeners(signal)
  try {
    return work()
  } finally {
    for (const [signal, listeners] of handlers) {
      for (const listener of listeners) process.on(signal, listener)
    }
  }
}

/**
 * Runs work during which no signal handler could run. Meanwhile a signal ends the process at once, as in a process without
 * handlers. The next start removes partial files. A signal that arrived earlier is handled first; without its handler it
 * would be lost. An exception of `work` becomes a defect.
 */
export const interruptible = <Value>(work: () => Value): Effect.Effect<Value> =>
  Effect.andThen(
    turns,
    Effect.sync(() => deaf(work)),
  )
