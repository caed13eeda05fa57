/** A process that tries claims, replaced where it ends, runs away or has loaded many graphs. */
import { type ChildProcess, fork } from "node:child_process"
import { join } from "node:path"
import type { Failure, Reply, Task } from "./Protocol.ts"

export type Tried = Extract<Reply, { readonly _tag: "Tried" }>

export interface Outcome {
  readonly tried: ReadonlyArray<Tried>
  /** The claim that failed first, and how; "ran away" where it did not end within its time, or its process ended. */
  readonly killed?: { readonly by: string; readonly how: Exclude<Failure, undefined> | "ran away" }
}

/** Graphs are never unloaded, so a process gets a limited number of them. */
const mostTasks = 60

const open = new Set<Workshop>()

/** Ends every process of the program. */
export const closeAll = (): void => {
  for (const workshop of open) workshop.close()
}

export class Workshop {
  #child: ChildProcess | undefined
  #tasks = 0

  #ready(): ChildProcess {
    if (this.#tasks >= mostTasks) this.close()
    this.#tasks += 1
    open.add(this)
    this.#child ??= fork(join(import.meta.dirname, "worker.ts"), [], {
      execArgv: [
        "--conditions=source",
        "--disable-warning=ExperimentalWarning",
        "--max-old-space-size=1500",
      ],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    })
    return this.#child
  }

  /** Tries the claims of the task; `limitOf` gives the milliseconds that a claim may take, and that of loading under "". */
  run(task: Task, limitOf: (claim: string) => number): Promise<Outcome> {
    const child = this.#ready()
    return new Promise((resolve) => {
      const tried: Array<Tried> = []
      let current = ""
      let killed: Outcome["killed"]
      let timer: NodeJS.Timeout
      const finish = () => {
        clearTimeout(timer)
        child.off("message", hear)
        child.off("exit", runAway)
        resolve({ tried, ...(killed === undefined ? {} : { killed }) })
      }
      const runAway = () => {
        killed = { by: current || "loading", how: "ran away" }
        this.close()
        finish()
      }
      const limit = (claim: string) => {
        clearTimeout(timer)
        current = claim
        timer = setTimeout(runAway, limitOf(claim))
      }
      const hear = (reply: Reply) => {
        switch (reply._tag) {
          case "Begun":
            limit(reply.claim)
            break
          case "Tried":
            tried.push(reply)
            if (reply.failure !== undefined) killed ??= { by: reply.claim, how: reply.failure }
            break
          case "NotLoaded":
            killed = { by: "loading", how: "broken" }
            finish()
            break
          case "Done":
            finish()
        }
      }
      child.on("message", hear)
      child.on("exit", runAway)
      limit("")
      child.send(task)
    })
  }

  close(): void {
    open.delete(this)
    this.#child?.kill("SIGKILL")
    this.#child = undefined
    this.#tasks = 0
  }
}
