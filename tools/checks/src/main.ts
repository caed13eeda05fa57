/** `npm run check`: every rule of the house. `npm run check -- lint length` runs those two. */
import { join } from "node:path"
import type { Check } from "./Check.ts"
import { changesets } from "./checks/changesets.ts"
import { effect } from "./checks/effect.ts"
import { boundaries, published } from "./checks/imports.ts"
import { length } from "./checks/length.ts"
import { packaging } from "./checks/packaging.ts"
import { paths } from "./checks/paths.ts"
import { deadCode, format, lint, sync, types } from "./checks/programs.ts"
import * as Runner from "./Runner.ts"
import * as Summary from "./Summary.ts"

/** The slow ones first, so that the quick ones fill the gaps. */
const all: ReadonlyArray<Check> = [
  types,
  lint,
  packaging,
  deadCode,
  effect,
  sync,
  changesets,
  format,
  boundaries,
  published,
  length,
  paths,
]

/** Two at a time: the compiler and the linter use several threads each. */
const limit = 2

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !all.some((check) => check.name === name))
const checks = asked.length === 0 ? all : all.filter((check) => asked.includes(check.name))

if (unknown.length > 0) {
  console.error(`no check is named ${unknown.join(", ")}; there are:`)
  for (const { name, rule } of all) console.error(`  ${name.padEnd(12)} ${rule}`)
  process.exitCode = 1
} else {
  const start = performance.now()
  const root = join(import.meta.dirname, "../../..")
  const results = await Runner.run(checks, root, limit, (result) =>
    console.log(Summary.line(result)),
  )
  console.log(Summary.summary(results, (performance.now() - start) / 1000))
  process.exitCode = results.some((result) => result.outcome.status === "failed") ? 1 : 0
}
