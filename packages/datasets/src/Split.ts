/** Training and test parts of a data set, drawn with a seed. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Result, Schema } from "effect"
import { type Classification, type Dataset, sha256, subset, type Target } from "./Dataset.ts"
import * as Digest from "./internal/Digest.ts"

/** Two parts of one source with the same features and, for classification, the same classes. */
export interface TrainTest<out T extends Target = Target> {
  readonly train: Dataset<T>
  readonly test: Dataset<T>
}

/** Digest of both parts: SHA-256, in hexadecimal, over the digest of each. */
export const digest = Effect.fn("Split.digest")(function* ({
  test,
  train,
}: TrainTest): Effect.fn.Return<string> {
  return yield* sha256(JSON.stringify([yield* Digest.of(train), yield* Digest.of(test)]))
})

/** The fraction leaves no training rows or no test rows. */
export class InvalidSplit extends Schema.TaggedError<InvalidSplit>()("InvalidSplit", {
  name: Schema.String,
  testFraction: Schema.Number,
  samples: Schema.Int,
}) {
  override get message(): string {
    return (
      `data set "${this.name}": a test fraction of ${this.testFraction} leaves one part of the ` +
      `${this.samples} rows empty; choose a fraction between 0 and 1 that leaves rows in both`
    )
  }
}

interface SplitOptions {
  /** Share of the rows in the test set, in (0, 1). */
  readonly testFraction: number
  readonly seed: Seed.Seed
}

/** Properties of a data set that decide its split. */
interface Divisible {
  readonly name: string
  readonly samples: number
  readonly target: Target
}

const everyRow = (samples: number): Array<number> => Array.from({ length: samples }, (_, i) => i)

/** The rows of each class with the label of their stream; of a regression all rows together. */
const strata = ({ samples, target }: Divisible): ReadonlyArray<readonly [string, number[]]> =>
  target._tag === "Classification"
    ? groupByClass(target).map((rows, c) => [`class-${c}`, rows])
    : [["rows", everyRow(samples)]]

/** The rows of both parts, as `split` divides them, in order. Fails with `InvalidSplit`. */
export const partition = (
  whole: Divisible,
  { testFraction, seed }: SplitOptions,
): Result.Result<{ readonly train: Array<number>; readonly test: Array<number> }, InvalidSplit> => {
  const { name, samples } = whole
  const testSize = Math.round(samples * testFraction)
  if (!(testFraction > 0 && testSize > 0 && testSize < samples)) {
    return Result.fail(new InvalidSplit({ name, testFraction, samples }))
  }
  const inTest = new Uint8Array(samples)
  const groups = strata(whole)
  const shares = apportion(
    groups.map(([, rows]) => rows),
    testSize,
    samples,
  )
  groups.forEach(([label, rows], c) => {
    const order = RandomStream.make(seed.child(label)).permutation(rows.length)
    for (let k = 0; k < shares[c]!; k++) inTest[rows[order[k]!]!] = 1
  })
  const rows = (part: 0 | 1): Array<number> => everyRow(samples).filter((i) => inTest[i] === part)
  return Result.succeed({ train: rows(0), test: rows(1) })
}

/**
 * Divides the rows into `count` folds whose sizes differ by at most one, with each class spread evenly. Returns the fold of
 * each row, from 0; each class continues where the previous one ended. Throws InvalidInput unless `count` is an integer of
 * at least 2.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Split from "@nonconvex/datasets/Split"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const labels = Int32Array.of(0, 0, 1, 1)
 * const target = { _tag: "Classification", labels, classes: ["a", "b"] } as const
 * const whole = { name: "toy", samples: 4, target }
 * const fold = Split.folds(whole, 2, Seed.root(1))
 * // the two rows of each class are in different folds
 * const sums = [fold[0]! + fold[1]!, fold[2]! + fold[3]!] // => [1, 1]
 * ```
 */
export const folds = (whole: Divisible, count: number, seed: Seed.Seed): Int32Array => {
  Require.count("Split.folds", "count", count, 2)
  const fold = new Int32Array(whole.samples)
  let dealt = 0
  for (const [label, rows] of strata(whole)) {
    const order = RandomStream.make(seed.child(label)).permutation(rows.length)
    for (const k of order) fold[rows[k]!] = dealt++ % count
  }
  return fold
}

/**
 * Splits at random into disjoint training and test parts that cover the data set.
 *
 * The test set has `round(samples * testFraction)` rows. Classification splits are stratified: each class gives its share, rounded
 * to meet the total (largest remainders first, then smaller class index). Both parts keep the order of the data set. Class `c` draws
 * from `seed.child("class-c")`, so it does not depend on the other classes. Fails with `InvalidSplit`.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Csv from "@nonconvex/datasets/Csv"
 * import * as Split from "@nonconvex/datasets/Split"
 * import { Seed } from "@nonconvex/numerics"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const pets = yield* Csv.parse("x,pet\n1,dog\n2,cat\n3,dog\n4,cat\n", { target: Csv.labels("pet") })
 *   return yield* Split.split(pets, { testFraction: 0.5, seed: Seed.root(1) })
 * })
 * const { test, train } = await Effect.runPromise(program)
 * // one of each class
 * test.target.labels.toSorted() // => Int32Array.of(0, 1)
 * train.samples // => 2
 * ```
 */
export const split = Effect.fn("Split.split")(function* <T extends Target>(
  dataset: Dataset<T>,
  options: SplitOptions,
): Effect.fn.Return<TrainTest<T>, InvalidSplit> {
  const { test, train } = yield* Effect.fromResult(partition(dataset, options))
  return { train: subset(dataset, train), test: subset(dataset, test) }
})

const groupByClass = ({ labels, classes }: Classification): Array<Array<number>> => {
  const rowsOfClass = classes.map((): Array<number> => [])
  labels.forEach((label, i) => rowsOfClass[label]!.push(i))
  return rowsOfClass
}

/**
 * Apportions `testSize` rows to the classes by Hamilton's method of largest remainders, in integers, since a rounded quota
 * could break a tie.
 */
const apportion = (
  rowsOfClass: ReadonlyArray<ReadonlyArray<number>>,
  testSize: number,
  samples: number,
): ReadonlyArray<number> => {
  const remainders = rowsOfClass.map((rows) => (rows.length * testSize) % samples)
  const shares = rowsOfClass.map((rows, c) => (rows.length * testSize - remainders[c]!) / samples)
  const missing = testSize - shares.reduce((sum, share) => sum + share, 0)
  remainders
    .map((remainder, c) => ({ remainder, c }))
    .toSorted((a, b) => b.remainder - a.remainder || a.c - b.c)
    .slice(0, missing)
    .forEach(({ c }) => shares[c]!++)
  return shares
}
