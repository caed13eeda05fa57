/** What training makes of columns that a table should not have had, and of data that is not there. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync } from "node:fs"
import { nonconvex } from "./support/InProcess.ts"
import { refused, table, train, written } from "./support/Trained.ts"

const many = (count: number, row: (i: number) => Readonly<Record<string, string | number>>) =>
  written(table(Array.from({ length: count }, (_, i) => row(i))))

/** The rows of a target, beside a feature. */
const ofTarget = (values: ReadonlyArray<string | number>) =>
  many(values.length, (i) => ({ x: Math.sin(i), y: values[i]! }))

describe("train on columns", () => {
  it.live("leaves out dates and text and pools rare words, and says all of it", () =>
    Effect.gen(function* () {
      const day = (i: number) => String(1 + (i % 28)).padStart(2, "0")
      const file = many(750, (i) => ({
        x: Math.sin(i),
        seen: `2024-01-${day(i)}`,
        born: `${day(i)}.02.1970 08:30`,
        note: `says ${i % 400}`,
        zip: `z${i % 150}`,
        y: i % 2 === 0 ? "a" : "b",
      }))
      const args = ["train", file, "--target", "y", "--epochs", "1", "--hidden", "none"]
      const { stdout } = yield* nonconvex([], [...args, "--quiet"])
      assert.match(stdout, /^encoded {4}zip \(one-hot, 100 of 150 words, the rest as "other"\)$/m)
      assert.match(
        stdout,
        /^left out {3}seen \(dates: --category.*; born \(dates: .*; note \(more distinct words than a third of the rows/m,
      )
      const { data } = yield* train(...args.slice(1))
      assert.strictEqual(data.features, 101)
      assert.deepInclude(data.read!.encoded[0], { words: 100, of: 150 })
      const kept = yield* train(...args.slice(1), "--category", "seen")
      assert.strictEqual(kept.data.features, 129)
    }),
  )

  it.live("takes integers that hardly repeat for numbers", () =>
    Effect.gen(function* () {
      const task = Effect.fnUntraced(function* (values: ReadonlyArray<number>) {
        const { data } = yield* train(ofTarget(values), "-t", "y", "-e", "1")
        return data.read!.task
      })
      assert.strictEqual(yield* task([2, 4, 6]), "regression")
      assert.strictEqual(yield* task([1, 2, 3, 4, 4]), "regression")
      assert.strictEqual(yield* task([1, 2, 3, 1, 2, 3]), "classification")
      assert.strictEqual(yield* task([0, 1, 1]), "classification")
    }),
  )

  it.live(
    "refuses a number that is the same in every row, and names columns that are too large",
    () =>
      Effect.gen(function* () {
        const of = (values: ReadonlyArray<string | number>, ...more: ReadonlyArray<string>) =>
          refused("train", ofTarget(values), "--target", "y", ...more)
        assert.match(
          yield* of([0.5, 0.5, 0.5]),
          /column "y" is 0.5 in every row, so there is nothing to predict; choose another target$/,
        )
        assert.match(yield* of([7, 7, 7], "--task", "regression"), /column "y" is 7 in every row/)
        assert.match(
          yield* of([1, 2.5, 3e200]),
          /column "y": numbers up to 3e\+200 overflow double precision/,
        )
        const wide = many(10, (i) => ({ a: i, b: i === 4 ? -1e200 : 0.5 + i, y: "uv"[i % 2]! }))
        assert.match(
          yield* refused("train", wide, "-t", "y"),
          /column "b": numbers up to 1e\+200 overflow double precision/,
        )
      }),
  )

  it.live("warns of a network that is no better than the most frequent class", () =>
    Effect.gen(function* () {
      // the feature says nothing of the class
      const file = many(200, (i) => ({ x: i % 2, y: i % 20 < 2 && i % 40 < 20 ? "rare" : "usual" }))
      const args = ["train", file, "-t", "y", "--epochs", "3", "--quiet"]
      const warning =
        /^warning {4}9\d\.\d % of the test rows have the same class.*--class-weights balanced/m
      assert.match((yield* nonconvex([], args)).stdout, warning)
      assert.notMatch(
        (yield* nonconvex([], [...args, "--class-weights", "balanced"])).stdout,
        warning,
      )
      assert.deepStrictEqual((yield* train(...args.slice(1, -1))).recall, [
        { class: "rare", rows: 2, recall: 0 },
        { class: "usual", rows: 38, recall: 1 },
      ])
      assert.isUndefined((yield* train("diabetes", "--epochs", "1")).recall)
    }),
  )

  it.live("says of names that are no shipped set whether they are folders, or nothing", () =>
    Effect.gen(function* () {
      const bare = readdirSync(".", { withFileTypes: true }).find(
        (entry) => entry.isDirectory() && /^\w+$/.test(entry.name),
      )!.name
      for (const folder of [bare, `./${bare}`]) {
        assert.match(yield* refused("train", folder, "-t", "y"), /it is a folder/)
      }
      assert.match(
        yield* refused("train", "foo", "--target", "a"),
        /foo: no such file, and no bundled data set has this name; choose one of .*digits/,
      )
    }),
  )
})
