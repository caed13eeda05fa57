/** Work that keeps the main thread to itself, and still ends at Ctrl-C. */
import process from "node:process"

const signals = ["SIGINT", "SIGTERM"] as const

/**
 * Does work during which no handler of a signal could run. As long as it takes, a signal ends the process at once, as it ends one that has no
 * handlers; what the process had begun to write is cleared up by the next one.
 */
export const atOnce = <Value>(work: () => Value): Value => {
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
