/**
 * `npm test` and `npm run e2e`: vitest over the whole workspace, a report in .reports/, and one line of counts at the end. The first runs what is called
 * `*.test.ts`, the second `*.e2e.ts`.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join, relative } from "node:path"
import * as Report from "./Report.ts"

const root = join(import.meta.dirname, "../../..")
const whole = join(import.meta.dirname, "../vitest.whole.ts")
const reports = join(root, ".reports")
mkdirSync(reports, { recursive: true })
if (!existsSync(join(root, "packages/numerics/src/kernels/strict.generated.ts"))) {
  console.error(
    "the kernels are not compiled, as after npm ci --ignore-scripts; npm run prepare compiles them",
  )
  process.exit(1)
}

const [asked, ...rest] = process.argv.slice(2)
const kind = asked === "--e2e" ? "e2e" : "test"
const filters = kind === "e2e" ? rest : process.argv.slice(2)
const left = kind === "e2e" ? "**/*.test.ts" : "**/*.e2e.ts"

/** Runs vitest; undefined where it ended before it could write a report, and said why. */
const run = (name: string, args: ReadonlyArray<string>): Report.Report | undefined => {
  const file = join(reports, name)
  rmSync(file, { force: true })
  spawnSync(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      `--config=${whole}`,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
      `--exclude=${left}`,
      ...args,
    ],
    { cwd: root, stdio: "inherit" },
  )
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report.Report
  } catch {
    return undefined
  }
}

// The default leaves a core to the runner, which is idle most of the time. Tests that wait for the processes that they start leave room for one more;
// of the others each process more loads and compiles once more what the others have, a tenth of the work.
const cores = availableParallelism()
const workers = kind === "e2e" ? Math.ceil(1.5 * cores) : cores
const first = run(`${kind}.json`, [`--maxWorkers=${workers}`, ...filters])
// Now and then such a process ends by SIGSEGV, in any file, on a busy machine. Ten thousand threads that were ended as they loaded, compiled
// or computed did not do it; others report it of the V8 in Node 24, of what it compiles on threads of its own. And what depends on time may fail beside others.
const failed = first === undefined ? [] : Report.toRepeat(first)
for (const file of failed) console.log(`${relative(root, file)} failed: once more, alone`)
const again =
  failed.length === 0 ? undefined : run(`${kind}-again.json`, ["--maxWorkers=1", ...failed])
const unsteady = first === undefined || again === undefined ? [] : Report.unsteady(first, again)

const counted = (): Report.Counts => {
  if (first === undefined) return { passed: 0, failed: 1, skipped: 0 }
  return Report.counts(again === undefined ? first : Report.withAgain(first, again))
}

const counts = counted()
const line = Report.line(counts)
writeFileSync(join(reports, `${kind}.txt`), `${line}\n`)
for (const what of unsteady) console.log(`unsteady, failed beside others and not alone: ${what}`)
console.log(line)
process.exitCode = counts.failed === 0 ? 0 : 1
