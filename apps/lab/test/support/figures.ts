/**
 * Computes and draws every figure, and says what is wrong with each: `npm run figures -- [preset] [beginning of an id] [folder]`. Of
 * `fast` the figures of `paper` are drawn from the same rows too. Writes the pictures into the folder, where one is named. Ends with 1
 * where anything is wrong.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import type { Preset } from "@nonconvex/evidence"
import { Effect } from "effect"
import * as Svg from "../../src/evidence/report/Svg.ts"
import { capabilities, faultsOf, rowsOf } from "./Drawing.ts"
import { experiments } from "./Experiments.ts"

const [, , preset = "smoke", beginning = "", folder] = process.argv as ReadonlyArray<string> as [
  string,
  string,
  Preset?,
  string?,
  string?,
]

let wrong = 0
for (const experiment of experiments.filter(({ id }) => id.startsWith(beginning))) {
  const rows = await Effect.runPromise(Effect.provide(rowsOf(experiment, preset), capabilities))
  for (const shown of preset === "fast" ? (["fast", "paper"] as const) : [preset]) {
    for (const fault of await Effect.runPromise(faultsOf(experiment, shown, rows))) {
      console.log(`${experiment.id}, ${shown}, ${fault}`)
      wrong++
    }
  }
  if (folder === undefined) continue
  mkdirSync(folder, { recursive: true })
  const { figures } = experiment.configure(experiment.preset(preset)).evaluate(rows)
  for (const { id, spec } of figures) {
    const drawn = await Effect.runPromise(Svg.draw({ key: id, spec, rows }))
    const name = `${experiment.id.replaceAll("/", "-")}-${id}.svg`
    if (drawn._tag === "Picture") writeFileSync(join(folder, name), Svg.standalone(drawn.svg))
  }
}
console.log(wrong === 0 ? "every figure can be read" : `${wrong} faults`)
process.exitCode = wrong === 0 ? 0 : 1
