/**
 * `npm run bits`: every verdict, and every row and figure of every experiment's smallest preset, by the strict kernels and by the
 * plain loops of the reference ones. They must be the same to the bit. Of this, `Conformance` compares in the tests what takes seconds.
 *
 * Ten minutes. Exit 0: the same; 1: something differs, named by its place in results.json.
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { differences } from "./Differences.ts"

const root = join(import.meta.dirname, "../../..")

/** When and where, how long it took and with what: all that may differ. */
const ignored = new Set(["provenance", "seconds"])

const most = 20

const resultsOf = (kernels: string): { readonly systems: ReadonlyArray<unknown> } => {
  const out = join(root, ".reports", "bits", kernels)
  const lab = join(root, "apps/lab/src/main.ts")
  const choice = ["--preset", "smoke", "--kernels", kernels, "--out", out]
  const { status } = spawnSync(
    process.execPath,
    ["--conditions=source", lab, "reproduce", "--no-store", ...choice],
    { cwd: root, stdio: "inherit" },
  )
  if (status !== 0) throw new Error(`reproduce with ${kernels} kernels: exit code ${status}`)
  return JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as {
    readonly systems: ReadonlyArray<unknown>
  }
}

const [strict, reference] = [resultsOf("strict"), resultsOf("reference")]
const found = differences(strict, reference, ignored)
for (const line of found.slice(0, most)) console.log(line)
if (found.length > most) console.log(`and ${found.length - most} more`)
console.log(
  found.length === 0
    ? `strict and reference kernels: ${strict.systems.length} systems, the same to the bit`
    : `strict and reference kernels differ in ${found.length} places`,
)
process.exitCode = found.length === 0 && strict.systems.length > 0 ? 0 : 1
