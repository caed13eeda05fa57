/**
 * `npm run fuzz -- <reader|all> --minutes N`: changed files for each reader of files, in a process with limits of time and memory. An input that
 * gives no answer and no clear error, that hangs, or that takes more memory than its limit is written to .reports/fuzz.
 */
import { spawn } from "node:child_process"
import { randomInt } from "node:crypto"
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { join, relative } from "node:path"
import { parseArgs } from "node:util"
import { variable } from "./Seed.ts"

const root = join(import.meta.dirname, "../../..")
const reports = join(root, ".reports")
const found = join(reports, "fuzz")
const current = join(reports, "fuzz-now")

/** Bytes of the process with its threads. */
const most = 2 ** 31

const help = `npm run fuzz -- <reader|all> [--minutes 1] [--seed S] [--patience 120]

Changes valid files at random, by their structure, and gives them to a reader or to all of them, for as many minutes together. Each input must
have an answer or one clear error, in 15 seconds of the processor and 2 GiB; after --patience seconds its process is ended. Exit code 1 for a finding: its input is then in .reports/fuzz, to be added to
apps/lab/test/fuzz/Corpus.ts, which npm run e2e repeats. Without --seed, a new one is drawn and printed.`

/** A number from 0 on in a flag; ends the program for other words. */
const number = (flag: string, text: string): number => {
  const value = Number(text)
  if (text.trim() !== "" && value >= 0 && value < 2 ** 31) return value
  console.error(`fuzz: --${flag} ${text}: give a number from 0 to 2^31`)
  return process.exit(2)
}

/** Bytes that a process holds; undefined where the system does not say so in a file, or it has ended. */
const held = (pid: number): number | undefined => {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))
    return line === null ? undefined : 1024 * Number(line[1])
  } catch {
    return undefined
  }
}

/** Suffix of the files that count the inputs of a reader; a file without it is its last input. */
const countOf = ".count"

/** Readers in the order in which their last inputs were written. */
const begun = (): ReadonlyArray<{ readonly name: string; readonly at: number }> =>
  readdirSync(current)
    .filter((name) => !name.endsWith(countOf))
    .map((name) => ({ name, at: statSync(join(current, name)).mtimeMs }))
    .toSorted((a, b) => a.at - b.at)

/** Keeps the last input of a reader, and says where. */
const keep = (name: string, seed: number, why: string): string => {
  mkdirSync(found, { recursive: true })
  const file = join(found, `${name.replaceAll(/\W+/g, "-")}-${seed}`)
  renameSync(join(current, name), file)
  writeFileSync(join(current, name), "")
  return `${name}: ${why.slice(0, 300)}\n  its input: ${relative(root, file)}`
}

interface Asked {
  readonly reader: string
  readonly seconds: number
  readonly seed: number
  /** Seconds without a new input after which a reader hangs: several times those that the test itself allows. */
  readonly patience: number
}

interface Round {
  /** Why the process was ended, or ended; undefined where it came to its end. */
  readonly ended: string | undefined
  readonly failed: ReadonlyArray<{ readonly name: string; readonly why: string }>
}

interface Outcomes {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{
      readonly title: string
      readonly status: string
      readonly failureMessages: ReadonlyArray<string>
    }>
  }>
}

/** The readers that failed, by the report of vitest. */
const failures = (report: string): Round["failed"] => {
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Outcomes
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed")
    .map(({ failureMessages, title }) => ({
      name: title.replace(/ takes what strangers send$/, ""),
      why: (failureMessages[0] ?? "failed").replace(/^AssertionError: /, "").split("\n", 1)[0]!,
    }))
}

/** Gives inputs to the readers that have not begun. */
const round = async ({ patience, reader, seconds, seed }: Asked): Promise<Round> => {
  const report = join(reports, "fuzz.json")
  rmSync(report, { force: true })
  const child = spawn(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      `--config=${join(import.meta.dirname, "../vitest.whole.ts")}`,
      "--reporter=json",
      `--outputFile.json=${report}`,
      // all of it in the process that is watched
      "--pool=threads",
      "--maxWorkers=1",
      "--testTimeout=0",
      "-t=of seed",
      "apps/lab/test/fuzz/Fuzz.e2e.ts",
    ],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        [variable]: String(seed),
        NONCONVEX_FUZZ: "Infinity",
        NONCONVEX_FUZZ_READER: reader,
        NONCONVEX_FUZZ_SECONDS: String(seconds),
        NONCONVEX_FUZZ_FOLDER: current,
      },
    },
  )
  let ended: string | undefined
  const end = (why: string) => {
    ended = why
    child.kill("SIGKILL")
  }
  const interrupted = () => end("interrupted")
  process.once("SIGINT", interrupted)
  const looking = setInterval(() => {
    const last = begun().at(-1)?.at ?? Infinity
    if ((held(child.pid!) ?? 0) > most) end(`took more than ${most / 2 ** 30} GiB`)
    else if (performance.timeOrigin + performance.now() - last > 1000 * patience)
      end(`took more than ${patience} s`)
  }, 500)
  const signal = await new Promise<string | null>((resolve) =>
    child.once("exit", (_, by) => resolve(by)),
  )
  clearInterval(looking)
  process.off("SIGINT", interrupted)
  if (signal !== null) return { ended: ended ?? `ended the process by ${signal}`, failed: [] }
  return { ended: undefined, failed: failures(report) }
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    patience: { type: "string", default: "120" },
    help: { type: "boolean", default: false },
  },
})
const [reader] = positionals
if (values.help || reader === undefined || positionals.length > 1) {
  console.log(help)
  process.exit(values.help ? 0 : 2)
}
const seconds = 60 * number("minutes", values.minutes)
const seed = number("seed", values.seed)
const patience = number("patience", values.patience)
console.log(`seed ${seed}`)
rmSync(current, { recursive: true, force: true })
mkdirSync(current, { recursive: true })

const findings: Array<string> = []
for (;;) {
  const { ended, failed } = await round({ patience, reader, seconds, seed })
  const names = new Set(begun().map(({ name }) => name))
  for (const { name, why } of failed) findings.push(names.has(name) ? keep(name, seed, why) : why)
  if (ended === undefined) break
  const last = begun().at(-1)
  if (ended === "interrupted" || last === undefined) {
    findings.push(ended)
    break
  }
  findings.push(keep(last.name, seed, ended))
  // the others have their share of the time as well
  if (reader !== "all") break
}

const counts = readdirSync(current).filter((name) => name.endsWith(countOf))
for (const name of counts)
  console.log(
    `${readFileSync(join(current, name), "utf8").padStart(10)}  ${name.slice(0, -countOf.length)}`,
  )
const inputs = counts.reduce(
  (sum, name) => sum + Number(readFileSync(join(current, name), "utf8")),
  0,
)
for (const finding of findings) console.error(finding)
console.log(`inputs: ${inputs}; readers to the end: ${counts.length}; findings: ${findings.length}`)
process.exitCode = findings.length === 0 ? 0 : 1
