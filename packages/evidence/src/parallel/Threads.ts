import { Effect } from "effect"
import { Worker } from "node:worker_threads"

const runsFromSource = import.meta.url.endsWith(".ts")

const entry = new URL(runsFromSource ? "./worker.ts" : "./worker.js", import.meta.url)

/** Where this file is a source, packages resolve to their sources; else a thread takes the options of its parent. */
const options = runsFromSource ? { execArgv: ["--conditions=source"] } : {}

/** The threads of a pool: those that live, and those of them that wait for a job. */
export interface Threads {
  /** One that waits, or else a fresh one. */
  readonly take: () => Worker
  /** Lets a thread wait for its next job, if it still lives. */
  readonly giveBack: (worker: Worker) => void
  readonly end: (worker: Worker) => Effect.Effect<void>
  readonly endAll: Effect.Effect<void>
}

export const make = (): Threads => {
  const living = new Set<Worker>()
  const idle: Array<Worker> = []
  const forget = (worker: Worker) => {
    living.delete(worker)
    const at = idle.indexOf(worker)
    if (at >= 0) idle.splice(at, 1)
  }
  const spawn = () => {
    const worker = new Worker(entry, options)
    living.add(worker)
    // heard also while it waits: an error without a listener would end the process
    return worker.on("error", () => forget(worker)).on("exit", () => forget(worker))
  }
  const end = (worker: Worker) =>
    Effect.promise(() => {
      forget(worker)
      return worker.terminate()
    })
  return {
    take: () => idle.pop() ?? spawn(),
    giveBack: (worker) => {
      if (living.has(worker)) idle.push(worker)
    },
    end,
    endAll: Effect.suspend(() =>
      Effect.forEach([...living], end, { concurrency: "unbounded", discard: true }),
    ),
  }
}
