/** A process that works, ours or theirs, and the requests to it. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import type { Prepared, Ready, Request, Timed } from "./Protocol.ts"

export interface Worker {
  readonly ready: Ready
  /** Seconds from the start of the process to its first line: interpreter, imports, compilation. */
  readonly startUp: number
  readonly prepare: (request: Extract<Request, { kind: "prepare" }>) => Promise<Prepared>
  readonly time: (implementation: string, least: number) => Promise<number>
  readonly stop: () => void
}

/** Reads one line after the other; fails when the process ends before the line comes. */
const lines = (child: ChildProcess, what: string) => {
  const source = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  let complaint = ""
  child.stderr!.on("data", (chunk: Buffer) => (complaint += chunk.toString()))
  return async (): Promise<unknown> => {
    const { done, value } = await source.next()
    if (done === true) throw new Error(`${what} ended early:\n${complaint}`)
    return JSON.parse(value) as unknown
  }
}

/** Starts a worker. Rejects where the process cannot start or dies. */
export const start = async (
  command: string,
  args: ReadonlyArray<string>,
  environment: NodeJS.ProcessEnv,
): Promise<Worker> => {
  const begin = performance.now()
  const child = spawn(command, args, { env: environment, stdio: ["pipe", "pipe", "pipe"] })
  const failed = new Promise<never>((_, reject) => child.once("error", reject))
  const next = lines(child, [command, ...args].join(" "))
  const ask = async (request: Request): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    return next()
  }
  const ready = (await Promise.race([next(), failed])) as Ready
  return {
    ready,
    startUp: (performance.now() - begin) / 1000,
    prepare: async (request) => {
      const prepared = (await ask(request)) as Prepared
      if (!prepared.applies) return prepared
      // what is no number crosses as null
      return { applies: true, values: prepared.values.map((value) => value ?? Number.NaN) }
    },
    time: async (implementation, least) =>
      ((await ask({ kind: "time", implementation, least })) as Timed).seconds,
    stop: () => {
      child.stdin.end()
      child.kill()
    },
  }
}
