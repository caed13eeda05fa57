/**
 * Shells whose `npm run lab -- <args>` is done by one program that stays: a hundred starts of npm, of the command line and of its threads take longer
 * than all that the documents compute. Other commands are those of the machine.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { createInterface } from "node:readline"

/** What a shell printed, and the error of a command that did not exit with 0. */
export interface Ran {
  readonly error: Error | null
  readonly output: string
}

export interface Resident {
  readonly shell: (code: string) => Promise<Ran>
  readonly end: () => Promise<void>
}

interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const environment = { ...process.env, CI: "true", NO_COLOR: "1" }

/** Runs commands as they stand. */
export const shell = (root: string, code: string): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { cwd: root, env: environment, timeout: 110_000 }
    execFile("sh", ["-euc", code], options, (error, stdout, stderr) =>
      resolve({ error, output: `${stdout}${stderr}` }),
    )
  })

/** The arguments with which `npm run <script>` of the workspace at `root` starts the command line; undefined where it starts something else. */
const script = (root: string, name: string): ReadonlyArray<string> | undefined => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>
  }
  const [, words] =
    /^node --conditions=source apps\/lab\/src\/main\.ts\b(.*)$/.exec(scripts[name] ?? "") ?? []
  return words?.split(" ").filter((word) => word !== "")
}

/** What the command line is asked by these arguments of npm. */
const asked = (root: string, args: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  const [run, name = "", dashes = "--", ...rest] = args.filter((arg) => arg !== "--silent")
  const words = run === "run" && dashes === "--" ? script(root, name) : undefined
  return words && [...words, ...rest]
}

/** Starts the program in the workspace at `root`. */
export const start = (root: string): Resident => {
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  const [question, code, stdout, stderr] = ["question", "code", "stdout", "stderr"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]
  execFileSync("mkfifo", [question, code])
  const program: ChildProcess = spawn(
    process.execPath,
    ["--conditions=source", join(root, "apps/lab/test/fixtures/resident.ts")],
    { cwd: root, env: environment, stdio: ["pipe", "pipe", "inherit"] },
  )
  const ended = once(program, "close")
  const answers = createInterface({ input: program.stdout! })[Symbol.asyncIterator]()

  const answer = async (args: ReadonlyArray<string>): Promise<Answer> => {
    const words = asked(root, args)
    if (words === undefined) return { code: 1, stdout: "", stderr: `no script: ${args.join(" ")}` }
    program.stdin!.write(`${JSON.stringify(words)}\n`)
    const { done, value } = await answers.next()
    if (done === true) throw new Error("the program ended")
    return JSON.parse(value) as Answer
  }
  const serve = async (): Promise<void> => {
    for (;;) {
      // a pipe with a name: who reads it waits until somebody writes
      const args = (await readFile(question, "utf8")).split("\0").slice(0, -1)
      if (args.length === 0) return
      const told = await answer(args)
      const lines = (text: string) => (text === "" ? "" : `${text}\n`)
      await writeFile(stdout, lines(told.stdout))
      await writeFile(stderr, lines(told.stderr))
      await writeFile(code, String(told.code))
    }
  }
  const serving = serve()

  const quoted = (path: string) => `'${path}'`
  const npm = [
    "npm() {",
    `  printf '%s\\0' "$@" > ${quoted(question)}`,
    `  set -- "$(cat ${quoted(code)})"`,
    `  cat ${quoted(stdout)}`,
    `  cat ${quoted(stderr)} >&2`,
    '  return "$1"',
    "}",
  ].join("\n")
  return {
    shell: (commands) =>
      Promise.race([
        shell(root, `${npm}\n${commands}`),
        serving.then(() => {
          throw new Error("nobody answers")
        }),
      ]),
    end: async () => {
      program.kill("SIGKILL")
      await ended
      // what waits for the next question ends with this
      await writeFile(question, "")
      await serving
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
