/** Starts the threads of shared kernels and watches for their end: the requesting thread sleeps meanwhile. */
import { Worker } from "node:worker_threads"
import * as Control from "./Control.ts"
import type { StartMessage } from "./Serving.ts"

/** Start message of a supervisor. */
export interface Supervised {
  /** The module that a thread starts with. */
  readonly thread: string
  readonly messages: readonly [StartMessage, ...ReadonlyArray<StartMessage>]
}

/** Starts the threads; `warn` gets the reason why one ended. */
export const supervise = (
  { thread, messages }: Supervised,
  warn: (why: string) => void,
): Control.Control => {
  const [{ control: address, memory, threads }] = messages
  const control = Control.at(memory.buffer, address, threads)
  for (const one of messages) {
    new Worker(new URL(thread), { workerData: one })
      .on("error", ({ message }) => warn(`${one.index}: ${message}`))
      .once("exit", () => control.lose(one.index))
  }
  return control
}
