/** Private regression and a private count from one release, on the command line. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { copyFileSync, existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { decode, table } from "./support/Releases.ts"

/** c = a / 2 - b / 4 but for a little, in the ball of the bound. */
const rows = Array.from({ length: 4000 }, (_, i) => {
  const [a, b] = [0.5 * Math.sin(i), 0.5 * Math.cos(2 * i)]
  return [a, b, a / 2 - b / 4 + 0.01 * Math.sin(5 * i)]
})

const flags = "--bound 1 --rank 2 --epsilon 1 --delta 1e-6".split(" ")

/** So that what holds but with this probability holds in a test. */
const surely = ["--failure", "1e-9"]

const release = (file: string, ...more: ReadonlyArray<string>) =>
  nonconvex([], ["release", file, ...flags, "--create-ledger", ...more])

describe("release --target", () => {
  it.live(
    "regresses a column, free of charge, with intervals that hold the exact coefficients",
    () =>
      Effect.gen(function* () {
        const json = ["--neighbours", "replace", "--target", "c", "--json", ...surely]
        const { code, stderr, stdout } = yield* release(table(rows), ...json)
        assert.deepStrictEqual([code, stderr], [0, ""])
        const { epsilon, ledger, regression } = yield* decode(stdout)
        assert.deepStrictEqual([epsilon, ledger.spentEpsilon <= 1], [1, true])
        const { coefficients, explained, mostExplained, rank, target } = regression!
        assert.deepStrictEqual([target, rank], ["c", 2])
        for (const [name, exact] of [
          ["a", 0.5],
          ["b", -0.25],
        ] as const) {
          const { lower, upper } = coefficients[name]!
          assert.isTrue(lower < exact && exact < upper, `${exact} in [${lower}, ${upper}]`)
          assert.isBelow(upper - lower, 0.5)
        }
        // nearly all is explained, and an estimate ends at all
        assert.isTrue(explained.lower < explained.estimate && explained.estimate <= explained.upper)
        assert.isAtMost(explained.estimate, mostExplained)
      }),
  )

  it.live("says it in words", () =>
    Effect.gen(function* () {
      const { stdout } = yield* release(table(rows), "--neighbours", "replace", "--target", "c")
      assert.match(
        stdout,
        /^regression {5}of c on 2 columns by 2 directions: explains \S+ % of its second moment about the centre, in \[\S+, \S+\] %$/m,
      )
      assert.match(stdout, /^coefficient {4}a 0\.\d+ in \[0\.\d+, 0\.\d+\]$/m)
      assert.match(
        stdout,
        /^low rank {7}confidence intervals are for the exact rows in the span of these directions/m,
      )
    }),
  )

  it.live("says where the noise leaves nothing", () =>
    Effect.gen(function* () {
      const few = table(rows.slice(0, 20))
      const { stdout } = yield* release(few, "--neighbours", "replace", "--target", "c")
      assert.match(
        stdout,
        /^regression {5}of c: too noisy, since no direction of the other columns is above/m,
      )
    }),
  )

  it.live("spends nothing for a column that there is not", () =>
    Effect.gen(function* () {
      const file = table(rows)
      const { code, stderr } = yield* release(file, "--neighbours", "replace", "--target", "zz")
      assert.strictEqual(code, 1)
      assert.match(stderr, /--target "zz": no column has this name; the columns are "a", "b", "c"/)
      assert.isFalse(existsSync(`${file}.ledger`))
    }),
  )
})

describe("release --count-epsilon", () => {
  const counted = ["--neighbours", "add-remove", "--count-epsilon", "0.5"]

  it.live("counts the rows, divides by that, and pays for both in one entry", () =>
    Effect.gen(function* () {
      const file = table(rows)
      const { code, stderr, stdout } = yield* release(file, ...counted, "--json", ...surely)
      assert.deepStrictEqual([code, stderr], [0, ""])
      const { certificate, count, divisor, epsilon, ledger } = yield* decode(stdout)
      assert.isTrue(count!.lower <= 4000 && 4000 <= count!.upper)
      assert.isBelow(count!.upper - count!.lower, 200)
      assert.strictEqual(divisor, count!.estimate)
      // half each
      assert.deepStrictEqual([count!.failure, certificate.failure], [5e-10, 5e-10])
      assert.isTrue(epsilon > 1 && epsilon < 1.5)
      assert.deepStrictEqual([ledger.entry, ledger.budgetEpsilon], [1, 1.5])
      assert.isTrue(ledger.spentEpsilon >= epsilon * (1 - 1e-9))
      assert.include(readFileSync(`${file}.ledger`, "utf8"), "release of rank 2, number of rows")
    }),
  )

  it.live("says between which numbers there are", () =>
    Effect.gen(function* () {
      const { stdout } = yield* release(table(rows), ...counted)
      assert.match(
        stdout,
        /^scale {10}divided by [\d\s]+ rows, a private count, in \[[\d\s]+, [\d\s]+\]$/m,
      )
      assert.match(stdout, /every line below holds with probability 0\.95$/m)
    }),
  )

  it.live.each([
    [
      ["--neighbours", "replace", "--count-epsilon", "0.5"],
      /--count-epsilon needs --neighbours add-remove: .* public/,
    ],
    [[...counted, "--rows", "4000"], /--rows is a public number, so --count-epsilon is not needed/],
    [[...counted, "--total-epsilon", "1"], /the budget is epsilon 1 at delta 0\.000001/],
    [["--neighbours", "add-remove", "--count-epsilon", "0"], /count-epsilon/],
  ] as const)("refuses %j, and spends nothing", ([more, says]) =>
    Effect.gen(function* () {
      const file = table(rows.slice(0, 50))
      const { code, stderr } = yield* release(file, ...more)
      assert.strictEqual(code, 1)
      assert.match(stderr, says)
      assert.isFalse(existsSync(`${file}.ledger`))
    }),
  )
})

describe("release of a typed file", () => {
  const fixtures = join(import.meta.dirname, "../../../packages/datasets/test/fixtures/tables")
  const copied = (name: string) => {
    const path = join(temporary(), name)
    copyFileSync(join(fixtures, name), path)
    return path
  }

  it.live.each(["xy.npz", "holes-pandas.parquet", "version-1.npy"])(
    "is one of its numbers: %s",
    (name) =>
      Effect.gen(function* () {
        const more = ["--neighbours", "replace", "--missing", "centre", "--json"]
        const { code, stderr, stdout } = yield* release(copied(name), ...more)
        assert.deepStrictEqual([code, stderr], [0, ""])
        const { columns } = yield* decode(stdout)
        assert.lengthOf(columns, 3)
      }),
  )

  it.live("says nothing of rows that cannot be used", () =>
    Effect.gen(function* () {
      for (const name of ["nan-polars.parquet", "nested.feather", "objects.npy"]) {
        const { code, stderr } = yield* release(copied(name), "--neighbours", "replace")
        assert.strictEqual(code, 1)
        assert.match(stderr, /no table of finite numbers below a row of names/)
        assert.notMatch(stderr, /NaN|point|Python/)
      }
    }),
  )

  it.live("is looked at by its owner with --check", () =>
    Effect.gen(function* () {
      const { stdout } = yield* release(copied("xy.npz"), "--neighbours", "replace", "--check")
      assert.match(
        stdout,
        /^holds {10}6 rows of 3 columns of numbers\nrelease with {3}these flags$/m,
      )
    }),
  )
})
