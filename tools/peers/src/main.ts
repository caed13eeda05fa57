/**
 * `npm run peers [-- <workload> ...]`: the same work here and in the peers, checked to agree, then timed in turns.
 *
 * Exit 0: every bar that could be judged is reached; 1: wrong usage; 2: a bar is missed.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join, relative, resolve } from "node:path"
import { parseArgs } from "node:util"
import * as Bars from "./Bars.ts"
import { limitsOf } from "./Ceiling.ts"
import * as Documented from "./Documented.ts"
import { points, svg } from "./Figure.ts"
import * as Guests from "./Guests.ts"
import { allThreads, type CaseResult, type Effort, measureCase, type Side } from "./Measure.ts"
import * as Python from "./Python.ts"
import { table, takenOf, time, verdictLines } from "./Report.ts"
import * as Worker from "./Worker.ts"

const root = join(import.meta.dirname, "..")
const folder = join(root, "workloads")

/** Of the rounds of a group, by default. */
const seconds = 4

const usage = `usage: npm run peers [-- <workload> ...] [--install] [--rounds N] [--least SECONDS] [--most SECONDS]
                             [--long] [--out FOLDER] [--document]
       npm run peers -- --render

  a workload is a name from the list below, or the part of it before a slash; default: all
  --install   first make the Python environment from tools/peers/requirements.txt
  --rounds    timed rounds, default 15
  --least     seconds of one sample, at least; default 0.02
  --most      seconds for the rounds of a case, shared equally; each implementation has at least three rounds; default ${seconds}
  --long      also the cases that take a slow side ten seconds and more
  --out       where the JSON and the figure go, default .reports/peers
  --document  also write the pages of performance, from this run and the last one of every other workload
  --render    write these pages from the stored runs, and measure nothing
`

/** Names of the workloads: files in `workloads` that have a Python side. */
const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".py"))
  .map((file) => file.slice(0, -3))
  .toSorted()

interface Outcome {
  readonly results: ReadonlyArray<CaseResult>
  readonly notes: ReadonlyArray<string>
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Starts the Python side; a reason where that fails. */
const startPython = async (name: string, single: boolean): Promise<Worker.Worker | string> => {
  const args = [join(root, "python", "peers.py"), join(folder, `${name}.py`)]
  try {
    return await Worker.start(Python.command(), args, Python.environment(single))
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return text.trim().split("\n").at(-1) ?? text
  }
}

const runWorkload = async (name: string, effort: Effort, isLong = false): Promise<Outcome> => {
  const serve = join(import.meta.dirname, "serve.ts")
  const file = join(folder, `${name}.ts`)
  // ours too may use a library that asks the environment for its threads: on the same terms
  const startOurs = (single: boolean) =>
    Worker.start(process.execPath, ["--conditions=source", serve, file], Python.environment(single))
  const ours = await startOurs(true)
  const cases = (ours.ready.cases ?? []).filter((one) => isLong || one.isLong !== true)
  if (cases.length === 0) {
    ours.stop()
    return { results: [], notes: [`${name}: nothing without --long`], versions: {} }
  }
  const single = await startPython(name, true)
  const all = await startPython(name, false)
  const notes = Object.entries(ours.ready.missing).map(
    ([peer, reason]) => `${name}: no ${peer} (${reason})`,
  )
  const sides: Array<Side> = [{ worker: ours, suffix: "", threads: "one" }]
  notes.push(`${name}: start-up of ours ${time(ours.startUp)}`)
  if (typeof single === "string") {
    notes.push(`${name}: no Python peers (${single}); npm run peers -- --install makes them`)
  } else {
    sides.push({ worker: single, suffix: "", threads: "one" })
    notes.push(`${name}: start-up of Python ${time(single.startUp)}`)
    for (const [peer, reason] of Object.entries(single.ready.missing)) {
      notes.push(`${name}: no ${peer} (${reason})`)
    }
  }
  const onAll: Array<Side> = []
  if (ours.ready.implementations.some(({ threads }) => threads === "all")) {
    // the names of ours say it themselves
    onAll.push({ worker: await startOurs(false), suffix: "", threads: "all" })
  }
  if (typeof all !== "string") onAll.push({ worker: all, suffix: allThreads, threads: "all" })
  const groups = [sides, onAll]
  const results: Array<CaseResult> = []
  const { "@nonconvex/native": native, vectors } = ours.ready.versions
  const isNarrow = native === undefined && vectors === "128 bits"
  try {
    for (const one of cases) {
      process.stderr.write(`${name}: ${one.name}\n`)
      // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
      const result = await measureCase(name, one, groups, effort)
      for (const [peer, what] of Object.entries(result.disagreements)) {
        notes.push(`${one.name}: ${peer} disagrees and is not timed: ${what}`)
      }
      results.push(isNarrow ? { ...result, isNarrow } : result)
    }
  } finally {
    for (const { worker } of groups.flat()) worker.stop()
  }
  const versions = {
    ours: ours.ready.versions,
    ...(typeof single === "string" ? {} : { python: single.ready.versions }),
    ...(typeof all === "string" ? {} : { "python, all threads": all.ready.versions }),
  }
  return { results, notes, versions }
}

const report = (files: ReadonlyArray<string>): void => {
  process.stdout.write(
    `wrote ${files.map((file) => relative(process.cwd(), file)).join(" and ")}\n`,
  )
}

const main = async (): Promise<number> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      install: { type: "boolean", default: false },
      rounds: { type: "string", default: "15" },
      least: { type: "string", default: "0.02" },
      most: { type: "string", default: String(seconds) },
      long: { type: "boolean", default: false },
      out: { type: "string", default: ".reports/peers" },
      document: { type: "boolean", default: false },
      render: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  const [rounds, least, most] = [values.rounds, values.least, values.most].map(Number) as [
    number,
    number,
    number,
  ]
  const effort = { rounds, least, most }
  const chosen = names.filter(
    (name) =>
      name !== "limits" &&
      (positionals.length === 0 ||
        positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}/`))),
  )
  const usable = chosen.length > 0 && rounds >= 1 && least > 0 && most > 0
  if (values.help || !usable) {
    process.stderr.write(`${usage}\nworkloads: ${names.join(", ")}\n`)
    return values.help ? 0 : 1
  }
  if (values.render) {
    report(await Documented.render())
    return 0
  }
  if (values.install) {
    const problem = Python.install()
    if (problem !== undefined) process.stderr.write(`the peers are not installed: ${problem}\n`)
  }
  const before = Guests.now()
  const limits = await runWorkload("limits", { ...effort, rounds: Math.min(5, rounds) })
  const outcomes: Array<Outcome> = []
  // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
  for (const name of chosen) outcomes.push(await runWorkload(name, effort, values.long))
  const taken = Guests.taken(before, Guests.now())
  const results = outcomes.flatMap((outcome) => outcome.results)
  const reached = limitsOf(limits.results)
  const ceiling = reached[128] ?? {}
  const bars = Bars.read()
  const verdicts = Bars.judge(bars, results, ceiling)
  const cpu = cpus()[0]?.model.trim() ?? "unknown processor"
  const { versions } = outcomes[0]!

  const lines = [
    `${cpu}, ${cpus().length} threads${takenOf(taken)}`,
    ...Object.entries(versions).map(
      ([side, found]) =>
        `${side}: ${Object.entries(found)
          .map(([what, version]) => `${what} ${version}`)
          .join(", ")}`,
    ),
    "",
    table([...limits.results, ...results], ceiling),
    "",
    ...limits.notes,
    ...outcomes.flatMap((outcome) => outcome.notes),
    "",
    ...verdictLines(verdicts),
  ]
  process.stdout.write(`${lines.join("\n")}\n`)

  const out = resolve(values.out)
  // what is named on the command line, for all that is run would be too long a name
  const asked = positionals.length === 0 ? "all" : positionals.join("-")
  const file = join(out, asked.replaceAll("/", ".").slice(0, 100))
  mkdirSync(out, { recursive: true })
  const record = { cpu, taken, versions, limits: limits.results, results, verdicts, effort }
  writeFileSync(`${file}.json`, `${JSON.stringify(record, undefined, 2)}\n`)
  writeFileSync(`${file}.svg`, await svg(points(results)))
  const shown = [".json", ".svg"].map((ending) => relative(process.cwd(), file + ending))
  process.stdout.write(`\nwrote ${shown.join(" and ")}\n`)
  if (values.document) {
    const byWorkload = outcomes.map((outcome, i) => [chosen[i]!, outcome.versions])
    const kept = Documented.kept({
      cpu,
      effort,
      limits: reached,
      ...(taken !== undefined && { taken }),
      results,
      verdicts,
      versions: Object.fromEntries(byWorkload),
    })
    report(
      await Documented.write({ ...Documented.read(), ...kept }, Bars.withMissed(bars, verdicts)),
    )
  }
  return verdicts.some(({ status }) => status === "missed") ? 2 : 0
}

process.exitCode = await main()
