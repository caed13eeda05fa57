/**
 * `npm run bits`: every verdict, and every row and figure of every experiment's smallest preset, must be the same to the bit on Node 20, 22
 * and 24 and in Chromium, on any number of threads, by the strict kernels and by the plain loops of the reference ones. Node 24 runs the
 * sources, older ones what is compiled of them, and Chromium a bundle. An engine that is missing is a line that says so.
 *
 *     npm run bits                  each engine, both kernels and each number of jobs once, with few instances of each claim
 *     npm run bits -- --runs 20     as many instances as `reproduce --preset smoke` has
 *     npm run bits -- --all         every engine with both kernels on 1, 2 and 4 jobs, with one instance of each claim unless --runs says more
 *
 * Exit 0: the same; 1: something differs, named by its place in results.json, or nothing could be compared.
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { differences } from "./Differences.ts"
import * as Engines from "./Engines.ts"
import { all, each, first, nameOf, newest, type Run } from "./Matrix.ts"

const root = join(import.meta.dirname, "../../..")

/** When and where, how long it took and with what: all that may differ. */
const ignored = new Set(["provenance", "seconds"])

/** Differences that are printed of each run. */
const most = 20

const { values } = parseArgs({
  options: { all: { type: "boolean", default: false }, runs: { type: "string" } },
})
/** Instances of each claim: the same for all that is compared. */
const runs = values.runs ?? (values.all ? "1" : "5")
if (!/^[1-9]\d{0,6}$/.test(runs)) throw new Error(`--runs ${runs}: a whole number from 1`)

interface System {
  readonly verdicts: ReadonlyArray<unknown>
  readonly experiments: ReadonlyArray<{ readonly rows: ReadonlyArray<unknown> }>
}

interface Results {
  readonly systems: ReadonlyArray<System>
}

const start = (program: string, args: ReadonlyArray<string>): number | null =>
  spawnSync(program, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] }).status

const outOf = (run: Run): string =>
  join(root, ".reports/bits", nameOf(run).replaceAll(/\W+/g, "-").toLowerCase())

/** Whether the lab came to results. Of few instances some controls survive, which it says with exit code 2. */
const byLab = (node: string, isSource: boolean, run: Run): number | null => {
  const program = isSource
    ? ["--conditions=source", join(root, "apps/lab/src/main.ts")]
    : [join(root, "apps/lab/dist/src/main.js")]
  const work = ["reproduce", "--no-store", "--quiet", "--preset", "smoke", "--runs", runs]
  const choice = ["--jobs", String(run.jobs), "--kernels", run.kernels, "--out", outOf(run)]
  const status = start(node, [...program, ...work, ...choice])
  return status === 2 ? 0 : status
}

const byBrowser = (run: Run): number | null => {
  const program = join(root, "apps/lab/test/support/engines/chromium.ts")
  const args = [run.kernels, "smoke", runs, outOf(run)]
  return start(process.execPath, ["--conditions=source", program, ...args])
}

/** What a run comes to, or why this machine has none. */
const resultsOf = (run: Run): Results | { readonly reason: string } => {
  let status: number | null
  if (run.engine === "Chromium") {
    status = byBrowser(run)
    if (status === 2) return { reason: "there is no Chromium" }
  } else {
    const found = Engines.node(run.engine.node)
    if ("reason" in found) return found
    status = byLab(found.path, run.engine.node === newest, run)
  }
  if (status !== 0) throw new Error(`${nameOf(run)}: exit code ${status}`)
  return JSON.parse(readFileSync(join(outOf(run), "results.json"), "utf8")) as Results
}

const counted = ({ systems }: Results): string => {
  const sum = (of: (system: System) => number) =>
    systems.reduce((total, system) => total + of(system), 0)
  const verdicts = sum((system) => system.verdicts.length)
  const experiments = sum((system) => system.experiments.length)
  const rows = sum((system) =>
    system.experiments.reduce((total, one) => total + one.rows.length, 0),
  )
  return `${systems.length} systems, ${verdicts} verdicts, ${rows} rows of ${experiments} experiments`
}

const compiled = spawnSync("tsc", ["-b", "apps/lab"], { cwd: root, stdio: "inherit" })
if (compiled.status !== 0) throw new Error("tsc -b apps/lab: older engines run what it compiles")

const reference = resultsOf(first)
if ("reason" in reference) throw new Error(`${nameOf(first)}: ${reference.reason}`)
console.log(`${nameOf(first)}: ${counted(reference)}`)
const totals = { differing: 0, compared: 0, skipped: 0 }
for (const run of values.all ? all : each) {
  const results = resultsOf(run)
  if ("reason" in results) {
    totals.skipped++
    console.log(`${nameOf(run)}: skipped, for ${results.reason}`)
    continue
  }
  totals.compared++
  const found = differences(reference.systems, results.systems, ignored)
  if (found.length > 0) totals.differing++
  for (const line of found.slice(0, most)) console.log(line)
  console.log(
    found.length === 0
      ? `${nameOf(run)}: the same to the bit`
      : `${nameOf(run)}: differs in ${found.length} places`,
  )
}
const { compared, differing, skipped } = totals
console.log(
  `${compared - differing} of ${compared} runs are the same as the first to the bit, ${skipped} skipped`,
)
process.exitCode = differing === 0 && compared > 0 && reference.systems.length > 0 ? 0 : 1
