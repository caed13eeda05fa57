/** `npm run check`: every rule of the house. `npm run check -- lint length` runs those two. */
import { join } from "node:path"
import { all } from "./All.ts"
import * as Runner from "./Runner.ts"
import * as Summary from "./Summary.ts"

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
