/** The command line as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { setTimeout } from "node:timers/promises"
import { options } from "./Bundled.ts"

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<{
    readonly code: number | null
    readonly stdout: string
    readonly stderr: string
  }>
}

/** What the operating system ends a program by that is at fault itself. */
const crashes: ReadonlySet<string | null> = new Set([
  "SIGSEGV",
  "SIGABRT",
  "SIGBUS",
  "SIGILL",
  "SIGTRAP",
])

/** What a shell says of a program that ended, also of one whose own signal ended it, as on a busy machine where something still held it. */
export const shellCode = (code: number | null, signal: string | null): number | null =>
  signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : signal === "SIGHUP" ? 129 : code

/** What Node runs for `nonconvex <args>` over systems of the fixtures, such as `toy,wrong`. */
export const command = (systems: string, args: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...options(),
  join(import.meta.dirname, "../fixtures/main.ts"),
  systems,
  ...args,
]

/** Starts `nonconvex <args>` over systems of the fixtures, in the folder `cwd`. */
export const start = (systems: string, args: ReadonlyArray<string>, cwd?: string): Running => {
  const child = spawn(process.execPath, command(systems, args), {
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  })
  const output = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text))
  const ended = once(child, "close").then((close) => {
    const [code, signal] = close as [number | null, string | null]
    // Node itself crashed: no test is about that
    if (crashes.has(signal))
      throw new Error(`nonconvex ${args.join(" ")}: ${String(signal)}\n${output.stderr}`)
    return { code: shellCode(code, signal), ...output }
  })
  return { child, ended }
}

/** Processor seconds of a process so far, where the machine is Linux. */
const processorSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
  // user and system time, in hundredths
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Waits until a process has used the processor for so long, however busy the machine is. */
export const hasComputed = async (child: ChildProcess, seconds: number): Promise<void> => {
  if (process.platform !== "linux") return setTimeout(2000 * seconds)
  while (processorSeconds(child.pid!) < seconds) await setTimeout(50)
}

/** The lines that are no progress. */
export const errors = (stderr: string): ReadonlyArray<string> =>
  stderr.split("\n").filter((line) => line !== "" && !/^\S+ \[[#-]{20}\]/.test(line))
