/** Running a program and keeping what it says. */
import { spawn } from "node:child_process"

export interface Finished {
  /** 127 where the program is not there, as a shell says it. */
  readonly code: number
  readonly output: string
}

export const run = (
  command: string,
  args: ReadonlyArray<string>,
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const chunks: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", ({ message }) => resolve({ code: 127, output: message }))
    child.on("close", (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString().trim() }),
    )
  })

/** The last lines of an output, for a message. */
export const tail = (output: string, lines = 6): string =>
  output.split("\n").slice(-lines).join("\n")
