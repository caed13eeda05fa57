/** Work that keeps the main thread to itself, and still ends at Ctrl-C. */
import * as Effect from "effect/Effect"
import process from "node:process"

const signals = ["SIGINT", "SIGTERM"] as const

/** Lets the loop see what has come: after one turn it may not have asked the system again, after two it has. */
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
 * Does work during which no handler of a signal could run. A signal ends the process at once meanwhile, as it does in a process
 * without handlers. The next start removes partial files. A signal that came before is heard first: without its handler it would be
 * lost. What `work` throws is a defect.
 */
export const atOnce = <Value>(work: () => Value): Effect.Effect<Value> =>
  Effect.andThen(
    turns,
    Effect.sync(() => deaf(work)),
  )
