/** A training of the user's own, written into a folder of a test. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"

/**
 * Descends `x` from 3 with the rate and the noise of a seed: arguments are rate, seed, steps, and milliseconds of a step. At a
 * rate above 2 it throws; a rate of 0 never ends.
 */
const training = `
const [rate, seed, steps = 5, wait = 0] = process.argv.slice(2).map(Number)
const { setTimeout } = await import("node:timers/promises")
if (rate > 2) throw new RangeError("the rate is too large")
if (rate === 0) await setTimeout(1e9)
let x = 3
console.log("it begins")
for (let step = 1; step <= steps; step++) {
  x -= rate * (x + Math.sin(seed * step) / 100)
  await setTimeout(wait)
  console.log(JSON.stringify({ step, loss: x * x, "of seed": seed, phase: step < 3 ? "early" : "late" }))
}
`

export interface OwnProgram {
  readonly file: string
  /** Its command line with these arguments. */
  readonly command: (args: string) => string
}

/** Writes a program into a folder, by default the training. */
export const ownProgram = (folder: string, text = training, name = "train.mjs"): OwnProgram => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return {
    file,
    command: (args) => `${JSON.stringify(process.execPath)} ${JSON.stringify(file)} ${args}`,
  }
}
