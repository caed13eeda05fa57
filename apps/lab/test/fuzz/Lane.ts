/** Inputs for libraries that a file can keep busy for ever, one after another in a thread, and in a fresh one after that. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import type { Reader } from "./Reader.ts"

/** Milliseconds of the processor for an input of kilobytes, of which most take one. */
const patience = 500

/** Milliseconds between two looks at them: what has no end costs hardly more than the patience. */
const between = 50

/** Looks before a thread is lost whose engine does not say how much of the processor it had: Node 24 does. */
const mostLooks = 200

type Kind = NonNullable<Reader["inThread"]>

let worker: { readonly kind: Kind; readonly thread: Worker } | undefined

/** A thread that has loaded its libraries. */
const start = async (kind: Kind): Promise<Worker> => {
  await close()
  const thread = new Worker(new URL("../fixtures/readings.ts", import.meta.url), {
    workerData: kind,
    execArgv: ["--conditions=source"],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  await once(thread, "message")
  worker = { kind, thread }
  return thread
}

/** What is wrong with the answer to an input. Of one that keeps the thread or breaks it nothing is: so it would the thread of the reader. */
export const fault = async (kind: Kind, bytes: Uint8Array): Promise<string | undefined> => {
  const thread = worker?.kind === kind ? worker.thread : await start(kind)
  return new Promise((resolve) => {
    const settle = (found: string | undefined) => {
      clearInterval(looking)
      thread.off("message", settle).off("error", lose).off("exit", lose)
      resolve(found)
    }
    const lose = () => {
      worker = undefined
      settle(undefined)
      thread.on("error", () => undefined)
      void thread.terminate()
    }
    let [looks, before] = [0, Number.NaN]
    // a busy machine is no reason
    const look = () => {
      if (++looks >= mostLooks && !("cpuUsage" in thread)) lose()
      thread.cpuUsage?.().then(
        ({ system, user }) => {
          const used = (system + user) / 1000
          if (Number.isNaN(before)) before = used
          else if (used - before > patience) lose()
        },
        () => undefined,
      )
    }
    const looking = setInterval(look, between)
    thread.once("message", settle).once("error", lose).once("exit", lose)
    thread.postMessage(bytes)
  })
}

export const close = async (): Promise<void> => {
  await worker?.thread.terminate()
  worker = undefined
}
