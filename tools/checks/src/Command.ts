/** Running a program and keeping what it says. */
import { spawn } from "node:child_process"
import { delimiter, join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import type { Outcome } from "./Check.ts"
import { failed, fromFindings } from "./Check.ts"

export interface Finished {
  /** The exit code; 127 where the program could not be started, as a shell says it. */
  readonly code: number
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string
}

/** Runs `command` in `root` with the workspace's programs first on PATH, and without colours. */
export const run = (
  root: string,
  command: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> =>
  new Promise((resolve) => {
    const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const chunks: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk))
    // In CI some programs write colours whatever NO_COLOR says.
    const text = () => stripVTControlCharacters(Buffer.concat(chunks).toString()).trim()
    child.on("error", ({ message }) => resolve({ code: 127, output: message }))
    child.on("close", (code) => resolve({ code: code ?? 1, output: text() }))
  })

/** A check that is a program: passed where it exits with 0. */
export const decides = async (
  root: string,
  command: string,
  args: ReadonlyArray<string>,
  env?: Readonly<Record<string, string>>,
): Promise<Outcome> => {
  const { code, output } = await run(root, command, args, env)
  return code === 0 ? fromFindings([]) : failed(output === "" ? `exit code ${code}` : output)
}
