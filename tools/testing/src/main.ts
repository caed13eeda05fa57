/** `npm test`: vitest over the whole workspace, a report in .reports/, and one line of counts at the end. */
import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Report from "./Report.ts"

const root = join(import.meta.dirname, "../../..")
const reports = join(root, ".reports")
const file = join(reports, "vitest.json")
mkdirSync(reports, { recursive: true })
rmSync(file, { force: true })

const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
    // the default leaves a core to the runner, which is idle most of the time; the projects do not inherit it from the root
    "--maxWorkers=100%",
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
)

const crashed: Report.Counts = { passed: 0, failed: 1, skipped: 0 }
const read = (): Report.Counts => {
  try {
    return Report.counts(JSON.parse(readFileSync(file, "utf8")) as Report.Report)
  } catch {
    // No report: vitest ended before it could write one, and said why above.
    return crashed
  }
}

const counts = read()
const line = Report.line(counts)
writeFileSync(join(reports, "counts.txt"), `${line}\n`)
console.log(line)
process.exitCode = status === 0 && counts.failed === 0 ? 0 : 1
