/** Threads of shared kernels, as seen by the requesting thread. */
import { Worker } from "node:worker_threads"
import { ThreadLost } from "../../ThreadLost.ts"
import * as Control from "./Control.ts"
import type { StartMessage } from "./Serving.ts"
import type { Supervised } from "./Supervising.ts"
import * as Work from "./Work.ts"

/** Modules from which threads are started. */
export interface Modules {
  readonly supervisor: URL
  readonly thread: URL
  /** Milliseconds without progress after which the supervisor is checked, and the number of checks that it may miss. */
  readonly pause: number
  readonly patience: number
}

const ending = import.meta.url.endsWith(".ts") ? "ts" : "js"

/** Modules of this package. Half a minute of silence is more than a busy machine causes. */
export const own: Modules = {
  supervisor: new URL(`./supervisor.${ending}`, import.meta.url),
  thread: new URL(`./worker.${ending}`, import.meta.url),
  pause: 1000,
  patience: 30,
}

export interface Threads {
  /** Number of threads so far, the caller among them. */
  readonly started: () => number
  /** Does the shares of an operation, one for each thread. Throws ThreadLost. */
  readonly together: (shares: ReadonlyArray<Work.Share>) => void
}

/** Starts the threads in `messages`; `alone` does a share on this one. */
export const start = (
  messages: readonly [StartMessage, ...ReadonlyArray<StartMessage>],
  alone: (share: Work.Share) => void,
  { patience, pause, supervisor, thread }: Modules,
): Threads => {
  const [{ control: address, memory, threads }] = messages
  const control = Control.at(memory.buffer, address, threads)
  const others = messages.map(({ index }) => index)
  const loseAll = (): void => others.forEach(control.lose)

  const supervised: Supervised = { thread: thread.href, messages }
  const watcher = new Worker(supervisor, { workerData: supervised })
  const warn = (what: string): void => {
    process.emitWarning(
      `a thread of shared kernels ended, and the others continue its work: ${what}`,
    )
  }
  watcher.on("message", warn).on("error", ({ message }) => warn(message))
  // the threads of a thread end with it
  watcher.once("exit", loseAll)
  // no program waits for threads that sleep
  watcher.unref()

  /** Waits for a thread that has begun its share. A silent thread may still be writing. */
  const outcome = (index: number): "done" | "ended" | "silent" => {
    let silences = 0
    while (silences < patience) {
      const [progress, answers] = [control.progress(), control.answers()]
      // in this order: a thread that was seen to have ended changes its state no more
      const isLost = control.isLost(index)
      if (control.state(index) !== Control.states.taken) return "done"
      if (isLost) return "ended"
      if (control.awaitProgress(progress, pause)) continue
      silences = control.answers() === answers ? silences + 1 : 0
      watcher.postMessage(undefined)
    }
    loseAll()
    return "silent"
  }

  const shareOf = new Map(others.map((index) => [index, control.share(index)]))
  const isFree = (index: number): boolean =>
    control.state(index) === Control.states.idle && !control.isLost(index)

  return {
    started: () =>
      1 +
      others.filter((t) => control.state(t) !== Control.states.absent && !control.isLost(t)).length,
    together: (shares) => {
      const offered = others.filter(isFree)
      for (const t of offered) {
        shareOf.get(t)!.set(shares[t]!)
        control.enter(t, Control.states.offered)
      }
      control.ask()
      alone(shares[0]!)
      // what no thread has begun by now is done here: it has not started, has ended, or waits for a core
      const taken = offered.filter(
        (t) => !control.move(t, Control.states.offered, Control.states.idle),
      )
      for (const t of others) if (!taken.includes(t)) alone(shares[t]!)
      const outcomes = taken.map((t) => [t, outcome(t)] as const)
      for (const [t, how] of outcomes) {
        if (how === "done") continue
        if (how === "silent" || !Work.isRepeatable(shares[t]!))
          throw new ThreadLost({ thread: t, threads })
        alone(shares[t]!)
      }
    },
  }
}
