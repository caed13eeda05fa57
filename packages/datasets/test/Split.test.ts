import { assert, describe, it } from "@effect/vitest"
import { Seed } from "@nonconvex/numerics"
import { Effect } from "effect"
import * as fc from "fast-check"
import * as Dataset from "../src/Dataset.ts"
import { folds, split } from "../src/Split.ts"

const provenance = { source: "test", licence: "MIT", notice: "made up" }

/** Row `i` has the single feature `i`, so that rows can be told apart after a split. */
const numbered = <T extends Dataset.Target>(samples: number, target: T): Dataset.Dataset<T> => ({
  name: "numbered",
  features: Float64Array.from({ length: samples }, (_, i) => i),
  samples,
  dimension: 1,
  featureNames: ["i"],
  target,
  provenance,
})

/** Classes with these many rows each, one after the other. */
const inBlocks = (counts: ReadonlyArray<number>) => {
  const labels = counts.flatMap((count, c) => Array.from({ length: count }, () => c))
  return numbered(labels.length, {
    _tag: "Classification" as const,
    labels: Int32Array.from(labels),
    classes: counts.map((_, c) => `class ${c}`),
  })
}

const withValues = (samples: number) =>
  numbered(samples, {
    _tag: "Regression" as const,
    values: Float64Array.from({ length: samples }, (_, i) => 10 * i),
  })

const seed = Seed.root(42).child("split")

describe("split", () => {
  it.effect("covers the data set with disjoint parts in the order of the data set", () =>
    Effect.gen(function* () {
      const { train, test } = yield* split(withValues(101), { testFraction: 0.3, seed })
      assert.strictEqual(train.samples, 71)
      assert.strictEqual(test.samples, 30)
      const rows = [...train.features, ...test.features]
      assert.deepStrictEqual(
        rows.toSorted((a, b) => a - b),
        Array.from({ length: 101 }, (_, i) => i),
      )
      for (const { features, target } of [train, test]) {
        assert.deepStrictEqual(features, features.toSorted())
        assert.deepStrictEqual(
          target.values,
          features.map((i) => 10 * i),
        )
      }
    }),
  )

  it.effect("gives every class its share", () =>
    Effect.gen(function* () {
      const { train, test } = yield* split(inBlocks([50, 30, 20]), { testFraction: 0.1, seed })
      assert.deepStrictEqual(Dataset.classCounts(test), Int32Array.of(5, 3, 2))
      assert.deepStrictEqual(Dataset.classCounts(train), Int32Array.of(45, 27, 18))
    }),
  )

  it.effect("rounds shares by largest remainder, ties to the smaller class index", () =>
    Effect.gen(function* () {
      // Quotas 1.5, 1.5 and 1: one row is left over after rounding down.
      const tie = yield* split(inBlocks([3, 3, 2]), { testFraction: 0.5, seed })
      assert.deepStrictEqual(Dataset.classCounts(tie.test), Int32Array.of(2, 1, 1))
      // Quotas 0.4, 0.4, 1.2: the second of the left over rows of 2 is class 0's.
      const rest = yield* split(inBlocks([2, 2, 6]), { testFraction: 0.2, seed })
      assert.deepStrictEqual(Dataset.classCounts(rest.test), Int32Array.of(1, 0, 1))
    }),
  )

  it.effect("depends on the seed alone", () =>
    Effect.gen(function* () {
      const data = withValues(40)
      const options = { testFraction: 0.25, seed }
      const once = yield* split(data, options)
      const again = yield* split(data, options)
      const other = yield* split(data, { ...options, seed: seed.child("other") })
      assert.deepStrictEqual(once, again)
      assert.notDeepEqual(once.test.features, other.test.features)
    }),
  )

  it.effect("draws each class apart: more rows of one do not move the others", () =>
    Effect.gen(function* () {
      const options = { testFraction: 0.5, seed }
      const few = yield* split(inBlocks([20, 10]), options)
      const many = yield* split(inBlocks([20, 50]), options)
      const ofFew = few.test.features.filter((i) => i < 20)
      assert.strictEqual(ofFew.length, 10)
      assert.deepStrictEqual(
        many.test.features.filter((i) => i < 20),
        ofFew,
      )
    }),
  )

  // The rows that the first run drew: a change of the stream or of the split shows here.
  it.effect("draws the same rows for ever", () =>
    Effect.gen(function* () {
      const { test } = yield* split(inBlocks([6, 6]), { testFraction: 1 / 3, seed })
      assert.deepStrictEqual(Array.from(test.features), [0, 5, 8, 10])
    }),
  )

  it.effect.each([0, 1, -0.1, 1.5, 0.04, 0.96, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses a fraction of %s of ten rows",
    (testFraction) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(split(withValues(10), { testFraction, seed }))
        assert.strictEqual(
          error.message,
          `data set "numbered": a test fraction of ${testFraction} leaves one part of the 10 rows ` +
            "empty; choose a fraction between 0 and 1 that leaves rows in both",
        )
      }),
  )

  it("holds its promises for any class sizes", () => {
    const instance = fc.record({
      counts: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 }),
      percent: fc.integer({ min: 1, max: 99 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    })
    fc.assert(
      fc.property(instance, ({ counts, percent, seed: number }) => {
        const data = inBlocks(counts)
        const testFraction = percent / 100
        const size = Math.round(data.samples * testFraction)
        fc.pre(size > 0 && size < data.samples)
        const { train, test } = Effect.runSync(
          split(data, { testFraction, seed: Seed.root(number) }),
        )
        assert.strictEqual(test.samples, size)
        assert.strictEqual(train.samples, data.samples - size)
        const shares = Dataset.classCounts(test)
        counts.forEach((count, c) => {
          const quota = (count * size) / data.samples
          assert.isAtMost(Math.abs(shares[c]! - quota), 1 - 1e-9)
          assert.strictEqual(shares[c]! + Dataset.classCounts(train)[c]!, count)
        })
      }),
      { numRuns: 200, seed: 7 },
    )
  })
})

describe("folds", () => {
  it("deal every class evenly, whatever the seed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 2, max: 7 }),
        fc.integer(),
        (counts, count, number) => {
          const data = inBlocks(counts)
          const fold = folds(data, count, Seed.root(number))
          const spread = (values: ReadonlyArray<number>) =>
            Math.max(...values) - Math.min(...values)
          const sizes = (rows: ReadonlyArray<number>) =>
            Array.from({ length: count }, (_, k) => rows.filter((row) => fold[row] === k).length)
          const all = Array.from({ length: data.samples }, (_, i) => i)
          assert.isAtMost(spread(sizes(all)), 1)
          counts.forEach((_, c) => {
            const own = all.filter((row) => data.target.labels[row] === c)
            assert.isAtMost(spread(sizes(own)), 1)
          })
        },
      ),
      { numRuns: 100, seed: 7 },
    )
  })
})
