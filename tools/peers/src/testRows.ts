/**
 * The rows that `train` holds out of a file: reads `{ target, classes, testFraction, seeds }` from standard input, with class numbers
 * or values as the target, and prints an array of places for each seed.
 */
import * as Split from "@nonconvex/datasets/Split"
import * as Seed from "@nonconvex/numerics/Seed"
import { Result } from "effect"
import { readFileSync } from "node:fs"

interface Asked {
  readonly target: ReadonlyArray<number>
  /** Names of the classes in the order of their numbers; null for values. */
  readonly classes: ReadonlyArray<string> | null
  readonly testFraction: number
  readonly seeds: ReadonlyArray<number>
}

const { classes, seeds, target, testFraction } = JSON.parse(readFileSync(0, "utf8")) as Asked

const whole: Parameters<typeof Split.partition>[0] = {
  name: "file",
  samples: target.length,
  target:
    classes === null
      ? { _tag: "Regression", values: Float64Array.from(target) }
      : { _tag: "Classification", labels: Int32Array.from(target), classes },
}

const places = seeds.map((seed) => {
  const options = { testFraction, seed: Seed.root(seed).child("split") }
  return Result.getOrThrow(Split.partition(whole, options)).test
})
process.stdout.write(JSON.stringify(places))
