/** Long work in one piece, which Ctrl-C ends nevertheless. */
import { Effect } from "effect"
import process from "node:process"

const signals = ["SIGINT", "SIGTERM"] as const

/** Takes the handlers of the signals away; what it returns puts them back. */
const takeHandlers = (): (() => void) => {
  const taken = signals.flatMap((signal) =>
    process.listeners(signal).map((handler) => ({ signal, handler })),
  )
  for (const { handler, signal } of taken) process.off(signal, handler)
  return () => {
    for (const { handler, signal } of taken) process.on(signal, handler)
  }
}

/**
 * Runs `work`, which keeps the thread to itself, so that no handler of a signal could run: meanwhile signals are left to the
 * system, which ends the process (130 in a shell). For work during which nothing waits to be cleaned up.
 */
export const blocking = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(takeHandlers),
    () => work,
    (putBack) => Effect.sync(putBack),
  )
