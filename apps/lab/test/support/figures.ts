/**
 * Computes and draws every figure, and says what is wrong with each: `npm run figures -- [preset] [beginning of an id] [folder] [--keep]`.
 * Writes the pictures into the folder, where one is named. With `--keep` the rows of presets without a fault are kept in
 * `test/fixtures/rows`, so that a test draws the same figures without computing them. Ends with 1 where anything is wrong. With `--docs` it
 * writes the pictures of the documentation alone.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import type { Experiment, Preset, Row } from "@nonconvex/evidence"
import { Effect } from "effect"
import { standalone } from "@nonconvex/figures/drawing"
import * as Svg from "@nonconvex/figures/svg"
import { capabilities, casesOf, faultsOf, seed } from "./Drawing.ts"
import { experiments } from "./Experiments.ts"
import * as KeptRows from "./KeptRows.ts"
import { pictureOf, pictures } from "./Pictures.ts"

const keeps = process.argv.includes("--keep")

const [preset = "smoke", beginning = "", folder] = process.argv
  .slice(2)
  .filter((argument) => argument !== "--keep") as [Preset?, string?, string?]

/** Says what is wrong with the figures over some rows; how much it is. */
const complain = async (
  experiment: Experiment.Experiment,
  rows: ReadonlyArray<Row>,
): Promise<number> => {
  const faults = await Effect.runPromise(faultsOf(experiment, preset, rows))
  for (const fault of faults) console.log(`${experiment.id}, ${preset}, ${fault}`)
  return faults.length
}

const draw = async (experiment: Experiment.Experiment, rows: ReadonlyArray<Row>, to: string) => {
  mkdirSync(to, { recursive: true })
  const { figures } = experiment.configure(experiment.preset(preset)).evaluate(rows)
  for (const { id, spec } of figures) {
    const drawn = await Effect.runPromise(Svg.draw({ key: id, spec, rows }))
    const name = `${experiment.id.replaceAll("/", "-")}-${id}.svg`
    if (drawn._tag === "Picture") writeFileSync(join(to, name), standalone(drawn.svg))
  }
}

/** Ends the program where the sources are not those of a commit, for then nobody could compute the same rows. */
const commit = (): string => {
  const git = (...args: ReadonlyArray<string>) =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim()
  const changed = git("status", "--porcelain", "--", ":/packages/*/src")
  if (changed !== "")
    throw new Error(`commit these first, so that the rows have a commit:\n${changed}`)
  return git("rev-parse", "HEAD")
}

if (process.argv.includes("--docs")) {
  for (const picture of pictures) {
    writeFileSync(picture.file, await Effect.runPromise(pictureOf(picture)))
    console.log(`wrote ${picture.file}`)
  }
  process.exit(0)
}

let wrong = 0
const from = keeps ? commit() : undefined
for (const experiment of experiments.filter(({ id }) => id.startsWith(beginning))) {
  const cases = await Effect.runPromise(Effect.provide(casesOf(experiment, preset), capabilities))
  const rows = cases.flat()
  let faults = await complain(experiment, rows)
  if (folder !== undefined) await draw(experiment, rows, folder)
  if (from !== undefined && faults === 0) {
    const kept = KeptRows.keptOf(experiment, preset, { cases, seed, commit: from })
    faults = await complain(experiment, kept.rows)
    if (faults === 0) await KeptRows.write(experiment, preset, kept)
  }
  wrong += faults
}
console.log(wrong === 0 ? "every figure can be read" : `${wrong} faults`)
process.exitCode = wrong === 0 ? 0 : 1
