/** The method and the radius that `train` chooses where none is named. */
import { assert, describe, it } from "@effect/vitest"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { Effect } from "effect"
import { join } from "node:path"
import { better } from "../src/data/train/MethodChoice.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { table, train, written } from "./support/Trained.ts"

/** A linear function of `columns` numbers, with noise of `noise` times its deviation. */
const linear = (noise: number, { columns, rows }: { columns: number; rows: number }): string => {
  const stream = RandomStream.make(Seed.root(7).child("linear"))
  const drawn = Array.from({ length: rows }, () => {
    const x = Array.from({ length: columns }, () => stream.normal())
    const signal = x.reduce((sum, value, j) => sum + (j % 2 === 0 ? value : -value), 0)
    const y = signal + noise * Math.sqrt(columns) * stream.normal()
    return Object.fromEntries([...x.map((value, j) => [`x${j}`, value] as const), ["y", y]])
  })
  return written(table(drawn))
}

const explained = ({ test }: Effect.Success<ReturnType<typeof train>>): number =>
  test._tag === "Error" ? test.explained! : Number.NaN

const short = ["-t", "y", "--epochs", "100"]

describe("the choice of a method", () => {
  it("keeps the first unless another is better by its whole interval", () => {
    const of = (mean: number) => ({ error: { mean, low: mean - 1, high: mean + 1 } })
    const by = (mean: number, reach: number) => ({
      ...of(10 + mean),
      difference: { mean, low: mean - reach, high: mean + reach },
    })
    assert.strictEqual(better([of(10)]), 0)
    assert.strictEqual(better([of(10), by(-3, 3), by(0, 0)]), 0)
    assert.strictEqual(better([of(10), by(-3, 4), by(-2, 1), by(-1, 0.5)]), 2)
    assert.strictEqual(better([of(10), by(-2, 1), by(-4, 1)]), 2)
    // a difference from what diverged says nothing, so the lowest error counts
    assert.strictEqual(better([{}, of(3), of(2)]), 2)
    assert.strictEqual(better([of(10), {}, by(-1, 0.5)]), 2)
    assert.strictEqual(better([{}, {}]), 0)
  })

  it.live("takes plain steps where there is little noise, and a perturbation costs", () =>
    Effect.gen(function* () {
      const file = linear(0.01, { columns: 8, rows: 120 })
      const chosen = yield* train(file, ...short)
      assert.strictEqual(chosen.method, "plain adamw")
      const { candidates, heldOut, parts, rows } = chosen.comparison!
      assert.deepStrictEqual([parts, rows, heldOut], [5, 96, 96])
      assert.deepStrictEqual(
        candidates.map(({ epochs, method, passes, radius }) => [method, radius, epochs, passes]),
        [
          ["plain", 0, 100, 100],
          ["sam", 0.1, 50, 100],
          ["sam", 0.3, 50, 100],
          ["sam", 0.6, 50, 100],
        ],
      )
      // the whole interval of the largest radius is above 0: it costs
      assert.isAbove(candidates[3]!.difference!.low, 0)
      const plain = yield* train(file, ...short, "--method", "plain")
      assert.isUndefined(plain.comparison)
      assert.strictEqual(chosen.loss, plain.loss)
      const sam = yield* train(file, ...short, "--method", "sam", "--radius", "0.6")
      assert.isAbove(explained(chosen), explained(sam))
    }),
  )

  it.live(
    "takes a perturbation where it helps on held-out rows, and it helps on the test rows",
    () =>
      Effect.gen(function* () {
        const file = linear(1.5, { columns: 20, rows: 250 })
        const chosen = yield* train(file, ...short)
        const { candidates, chosen: place } = chosen.comparison!
        assert.strictEqual(chosen.method, "sam over adamw")
        assert.strictEqual(chosen.radius, candidates[place]!.radius)
        assert.isBelow(candidates[place]!.difference!.high, 0)
        assert.strictEqual(chosen.epochs.length, 50)
        const plain = yield* train(file, ...short, "--method", "plain")
        assert.isAbove(explained(chosen), explained(plain))
        const { stdout } = yield* nonconvex([], ["train", file, ...short, "--quiet"])
        assert.match(stdout, /^method {5}sam at radius 0\.\d: its error is the lowest/m)
        assert.match(stdout, /^METHOD {2}RADIUS {2}HELD-OUT ERROR/m)
        assert.match(stdout, /^plain +1?\d\d\.\d % \([\d.]+ to [\d.]+\) +100 +100$/m)
      }),
  )

  it.live("compares what is open alone: the radius of a method, or a method at a radius", () =>
    Effect.gen(function* () {
      const file = linear(1, { columns: 4, rows: 60 })
      const few = ["-t", "y", "--epochs", "4"]
      const named = Effect.fnUntraced(function* (...flags: ReadonlyArray<string>) {
        const { comparison, radius } = yield* train(file, ...few, ...flags)
        const tried = comparison?.candidates.map(({ method, radius: at }) => `${method} ${at}`)
        return [tried, comparison === undefined ? radius : undefined]
      })
      assert.deepStrictEqual(yield* named("--radius", "0.2"), [["plain 0", "sam 0.2"], undefined])
      assert.deepStrictEqual(yield* named("--method", "asam"), [
        ["asam 0.2", "asam 0.5", "asam 1"],
        undefined,
      ])
      assert.deepStrictEqual(yield* named("--method", "sam", "--radius", "0.2"), [undefined, 0.2])
      // a method that perturbs at every second step costs one and a half gradients
      const { comparison } = yield* train(file, ...few, "--every", "2", "--radius", "0.2")
      assert.deepStrictEqual(
        comparison!.candidates.map(({ epochs, passes }) => [epochs, passes]),
        [
          [4, 4],
          [3, 4.5],
        ],
      )
    }),
  )

  it.live("says that folds of rows on which it chose are optimistic", () =>
    Effect.gen(function* () {
      const file = linear(1, { columns: 4, rows: 60 })
      const said = Effect.fnUntraced(function* (...flags: ReadonlyArray<string>) {
        const args = ["train", file, "-t", "y", "--epochs", "4", "--folds", "3", "--quiet"]
        return (yield* nonconvex([], [...args, ...flags])).stdout
      })
      const aside = /^folds {6}.*chosen on the same rows, so this is slightly optimistic$/m
      assert.match(yield* said(), aside)
      assert.notMatch(yield* said("--method", "plain"), aside)
    }),
  )

  it.live("says what it assumed where it cannot compare", () =>
    Effect.gen(function* () {
      const file = linear(1, { columns: 2, rows: 22 })
      const save = join(temporary(), "net.json")
      const small = yield* train(file, "-t", "y", "--epochs", "2", "--save", save)
      assert.isUndefined(small.comparison)
      assert.strictEqual(
        small.unchosen,
        "--method plain: 18 training rows are too few to hold some out",
      )
      assert.deepStrictEqual(small.assumed, [
        "--hidden 100",
        "--activation relu",
        "--base adamw",
        "--learning-rate 0.003",
        "--schedule cosine",
        "--test-fraction 0.2",
      ])
      const further = yield* train(file, "-t", "y", "--epochs", "2", "--from", save)
      assert.match(further.unchosen!, /^--method plain: the network may have seen every row/)
      assert.strictEqual(further.method, "plain adamw")
      const said = ["--hidden", "4", "--activation", "tanh", "--test-fraction", "0.2"]
      const all = ["--method", "plain", "--base", "sgd", "-l", "0.1", "--epochs", "3"]
      assert.deepStrictEqual((yield* train(file, "-t", "y", ...said, ...all)).assumed, [])
    }),
  )

  it.live("depends on the seed alone", () =>
    Effect.gen(function* () {
      const file = linear(1, { columns: 4, rows: 60 })
      const compared = Effect.fnUntraced(function* (seed: string) {
        const { comparison } = yield* train(file, "-t", "y", "--epochs", "4", "--seed", seed)
        return comparison
      })
      assert.deepStrictEqual(yield* compared("1"), yield* compared("1"))
      assert.notDeepEqual(yield* compared("1"), yield* compared("2"))
    }),
  )
})
