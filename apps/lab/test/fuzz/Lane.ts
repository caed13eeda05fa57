/** Inputs for libraries that a file can keep busy for ever, one after another in a thread, and in a fresh one after that. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import type { Reader } from "./Reader.ts"

/** Seconds for an input of kilobytes, of which most take a thousandth. */
const patience = 5

let worker: Worker | undefined

/** A thread that has loaded its libraries. */
const start = async (): Promise<Worker> => {
  const thread = new Worker(new URL("../fixtures/readings.ts", import.meta.url), {
    execArgv: ["--conditions=source"],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  await once(thread, "message")
  return thread
}

/** What is wrong with the answer to an input; "lost" where the thread was lost with it. */
export const fault = async (
  kind: NonNullable<Reader["inThread"]>,
  bytes: Uint8Array,
): Promise<string | undefined> => {
  const thread = (worker ??= await start())
  return new Promise((resolve) => {
    const settle = (found: string | undefined) => {
      clearTimeout(timer)
      thread.off("message", settle).off("error", lose).off("exit", lose)
      resolve(found)
    }
    const lose = () => {
      worker = undefined
      settle("lost")
      thread.on("error", () => undefined)
      void thread.terminate()
    }
    const timer = setTimeout(lose, 1000 * patience)
    thread.once("message", settle).once("error", lose).once("exit", lose)
    thread.postMessage({ kind, bytes })
  })
}

export const close = async (): Promise<void> => {
  await worker?.terminate()
  worker = undefined
}
