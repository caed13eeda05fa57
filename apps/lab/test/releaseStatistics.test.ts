/** Private counts, histograms and means from the command line, on tables that were not made for them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { StatisticsReport } from "../src/data/release/StatisticsReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { flags, written } from "./support/Releases.ts"

const diabetes = join(
  import.meta.dirname,
  "../../../packages/datasets/data/scikit-learn/diabetes.csv",
)

const decode = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.toCodecJson(StatisticsReport)),
)

const asked =
  "--count --histogram sex=1,2 --histogram age=0:40:60 --mean bmi --range bmi=15:45 --epsilon 4".split(
    " ",
  )

/** A release of the table with a ledger of its own, or with that of `ledger`. */
const release = (
  more: ReadonlyArray<string>,
  ledger = join(temporary(), "ledger"),
  file = diabetes,
) => nonconvex([], ["release", file, "--ledger", ledger, ...more])

const addRemove = ["--neighbours", "add-remove"]
const create = "--create-ledger"

/** Columns of the table, read by no reader of the project. */
const columnOf = (name: string): ReadonlyArray<number> => {
  const [header, ...lines] = readFileSync(diabetes, "utf8").trim().split(/\r?\n/)
  const at = header!.split(",").indexOf(name)
  return lines.map((line) => Number(line.split(",")[at]))
}

describe("release of statistics", () => {
  it.live("has intervals that hold the exact numbers, and says what they cost", () =>
    Effect.gen(function* () {
      const json = ["--json", "--failure", "1e-9"]
      const { code, stderr, stdout } = yield* release([...asked, ...addRemove, create, ...json])
      assert.strictEqual(code, 0, stderr)
      const { delta, ledger, rows, statistics } = yield* decode(stdout)
      assert.deepStrictEqual([delta, rows, ledger.spentEpsilon], [0, null, 4])
      const [sex, age, bmi] = ["sex", "age", "bmi"].map(columnOf)
      const count = (values: ReadonlyArray<number>, from: number, to: number) =>
        values.filter((value) => value >= from && value < to).length
      const exact = [
        [442],
        [count(sex!, 1, 2), count(sex!, 2, 3), 0],
        [0, count(age!, 0, 40), count(age!, 40, 60), count(age!, 60, 200)],
        [bmi!.reduce((sum, value) => sum + value, 0) / 442],
      ]
      statistics.forEach((statistic, k) => {
        if (statistic.kind === "quantile") return assert.fail()
        const found = statistic.kind === "histogram" ? statistic.counts : [statistic]
        assert.lengthOf(found, exact[k]!.length)
        found.forEach(({ lower, upper }, i) => {
          const value = exact[k]![i]!
          assert.isTrue(lower <= value && value <= upper, `${value} in [${lower}, ${upper}]`)
        })
        assert.isBelow(found[0]!.upper - found[0]!.lower, statistic.kind === "mean" ? 8 : 60)
      })
    }),
  )

  it.live("prints words, with a public number of rows where rows are replaced", () =>
    Effect.gen(function* () {
      const [, ...rest] = asked
      const { code, stderr, stdout } = yield* release([...rest, "--neighbours", "replace", create])
      assert.strictEqual(code, 0, stderr)
      assert.match(stdout, /^diabetes.csv, 3 statistics by exact integer noise$/m)
      assert.match(stdout, /^4-differentially private, with delta 0, where one row is replaced by/m)
      assert.match(stdout, /^histogram {6}sex any other: -?\d+ in \[\d+, \d+\]$/m)
      assert.match(
        stdout,
        /^mean {11}bmi 2\d(?:\.\d+)? in \[\S+, \S+\], of values clipped to 15 to 45$/m,
      )
      assert.match(stdout, /^rows {11}442, which are public$/m)
      assert.match(stdout, /^unit .*: epsilon 8 for a person with 2 rows, epsilon 40 for a person/m)
    }),
  )

  it.live("shares a ledger with components, and is refused above the budget", () =>
    Effect.gen(function* () {
      const ledger = join(temporary(), "ledger")
      const covariance =
        "--ignore sex --bound 300 --rank 1 --epsilon 1 --delta 1e-6 --total-epsilon 1.5".split(" ")
      const first = yield* release([...covariance, ...addRemove, create], ledger)
      assert.strictEqual(first.code, 0, first.stderr)
      const count = ["--count", ...addRemove, "--epsilon"]
      const second = yield* release([...count, "0.4", "--json"], ledger)
      assert.closeTo((yield* decode(second.stdout)).ledger.spentEpsilon, 1.4, 1e-9)
      const third = yield* release([...count, "0.2"], ledger)
      assert.match(third.stderr, /the budget is epsilon 1.5 at delta 0.000001, 1.4 is spent/)
      const shown = yield* nonconvex([], ["ledger", ledger])
      assert.match(
        shown.stdout,
        /^entry 2 {8}number of rows, discrete-laplace noise, epsilon 0.4 at delta 0$/m,
      )
      const pure = join(temporary(), "ledger")
      yield* release([...count, "0.4", create, "--total-epsilon", "2"], pure)
      const gaussian = yield* release([...covariance.slice(0, -2), ...addRemove], pure)
      assert.match(gaussian.stderr, /a budget without a delta pays for no Gaussian noise/)
    }),
  )

  it.live("refuses what would come from the rows, or has no bounds, before it reads one", () =>
    Effect.gen(function* () {
      const ledger = join(temporary(), "ledger")
      const cases: ReadonlyArray<readonly [string, RegExp]> = [
        ["--histogram sex", /categories and edges are public, .*would reveal that person/],
        ["--histogram sex=auto", /categories and edges are public/],
        ["--mean age", /no range; add --range age=LOWER:UPPER with public numbers/],
        ["--mean age --range age=auto", /each is the value of one person/],
        ["--mean age --range age=min:max", /each is the value of one person/],
        ["--mean age --range age=0:100:1:1", /give each column one range/],
        ["--quantile age=0.5", /no range; add --range age=LOWER:UPPER:STEP with public numbers/],
        ["--quantile age=0.5 --range age=0:100", /a quantile needs the step of its --range/],
        ["--quantile age=0.5 --range age=0:100:200", /a quantile needs the step of its --range/],
        ["--quantile age=0.5 --range age=0:100:1e-5", /with 2 to 10000 numbers/],
        ["--quantile age --range age=0:100:1", /name a column and shares/],
        [
          "--quantile age=1 --range age=0:100:1",
          /must be between 0 and 1, with at most four places/,
        ],
        ["--mean age --range age=100:0", /the numbers must increase/],
        ["--count --range age=0:100", /no statistic of this column is requested/],
        ["--range age=0:100", /--range needs a --mean or a --quantile/],
        ["--histogram age=40:20", /the numbers must increase/],
        ["--histogram sex=1,1", /the categories must differ/],
        ["--count --epsilon 0", /epsilon must be from 1e-9 to 100/],
        ["--count --epsilon -1", /epsilon must be from 1e-9 to 100/],
        ["--count --epsilon 101", /epsilon must be from 1e-9 to 100/],
        ["--count --neighbours replace", /their number is public and costs no budget/],
        ["--count --rank 1", /--rank needs a release of components: run the command once/],
        ["--count --delta 1e-6", /--delta needs a release of components: statistics have no delta/],
        ["--count --rows-per-person 0", /rows-per-person/],
        ["--rank 1", /no --bound, no --delta: components need --rank, --bound and --delta/],
        ["--rank 1 --bound 1 --delta 0", /components have Gaussian noise, whose delta must be/],
        ["", /no --rank, no --bound, no --delta/],
      ]
      for (const [text, expected] of cases) {
        const given = text.split(" ").filter((word) => word !== "")
        const rest = [
          ...(given.includes("--epsilon") ? [] : ["--epsilon", "1"]),
          ...(given.includes("--neighbours") ? [] : addRemove),
          create,
        ]
        const { code, stderr, stdout } = yield* release([...given, ...rest], ledger, "/nowhere.csv")
        assert.strictEqual(code, 1, text)
        assert.strictEqual(stdout, "")
        assert.match(stderr, expected, text)
        assert.notInclude(stderr, "\n")
      }
      assert.isFalse(existsSync(ledger))
    }),
  )

  it.live("refuses rows with one message, whatever is in them, and names of columns by name", () =>
    Effect.gen(function* () {
      const messages = new Set<string>()
      const mean = ["--mean", "a", "--range", "a=0:1", "--epsilon", "1", ...addRemove, create]
      for (const body of [
        "a,b\nSECRET,1\n",
        "a,b\n1\n",
        "a,b\n,1\n",
        "a,b\nNaN,1\n",
        '"a,b\n1\n',
        "0.5,1\n2,3\n",
        "",
      ]) {
        const file = written(body)
        const ledger = join(temporary(), "ledger")
        const { code, stderr, stdout } = yield* release(mean, ledger, file)
        assert.deepStrictEqual([code, stdout, existsSync(ledger)], [1, "", false], body)
        messages.add(stderr.replace(file, "FILE"))
      }
      assert.lengthOf([...messages], 1)
      assert.notMatch([...messages][0]!, /SECRET/)
      const other = yield* release(mean, undefined, written("x,y\n1,2\n"))
      assert.match(other.stderr, /no column "a"; the header has "x"/)
      const holes = [...mean, "--missing", "centre"]
      const { code, stdout } = yield* release(holes, undefined, written("a,b\n,1\n1,2\n"))
      assert.strictEqual(code, 0)
      assert.match(stdout, /^missing {8}cells without a value count as the middle of the range/m)
    }),
  )

  it.live("chooses quantiles of a rank near the exact one, on a public grid", () =>
    Effect.gen(function* () {
      const shares = [0.1, 0.5, 0.9]
      const given = `--quantile age=${shares.join(",")} --range age=0:120:2 --epsilon 9`.split(" ")
      const json = ["--json", "--failure", "1e-9", create]
      for (const neighbours of ["replace", "add-remove"]) {
        const { code, stderr, stdout } = yield* release([
          ...given,
          ...json,
          "--neighbours",
          neighbours,
        ])
        assert.strictEqual(code, 0, stderr)
        const { statistics } = yield* decode(stdout)
        const age = columnOf("age")
        // a step of 2 has at most 30 of these rows
        statistics.forEach((statistic, k) => {
          if (statistic.kind !== "quantile") return assert.fail()
          const { estimate, rankError } = statistic
          assert.strictEqual(estimate % 2, 0)
          const below = age.filter((value) => value < estimate).length
          const upTo = age.filter((value) => value <= estimate).length
          const exact = shares[k]! * 442
          const apart = Math.max(0, below - exact, exact - upTo)
          assert.isAtMost(apart, rankError + 30)
          assert.isBelow(rankError, 25)
        })
      }
      const words = yield* release([...given, ...addRemove, create])
      assert.match(
        words.stdout,
        /^quantile {7}0.5 of age: \d+, rank error at most \d+ rows above that of the best number/m,
      )
    }),
  )

  it.live("from a new budget without a delta, said or not", () =>
    Effect.gen(function* () {
      const count = [...addRemove, ..."--count --epsilon 0.5 --create-ledger".split(" ")]
      for (const said of [[], ["--total-delta", "0"]]) {
        const { code, stdout } = yield* release([...count, "--total-epsilon", "2", ...said])
        assert.strictEqual(code, 0)
        assert.match(stdout, /^ledger +entry 1 of .*: 0\.5 of epsilon 2 spent at delta 0$/m)
      }
    }),
  )

  it.live("protects all rows of a person by noise for all of them", () =>
    Effect.gen(function* () {
      const wide = yield* release([
        ...addRemove,
        ..."--count --rows-per-person 50 --epsilon 1 --json --create-ledger".split(" "),
      ])
      const { statistics, unit } = yield* decode(wide.stdout)
      const [count] = statistics
      assert.strictEqual(unit.protects, "person")
      // 50 ln 20 is 150 on both sides
      assert.isTrue(count?.kind === "count" && count.upper - count.estimate > 140)
    }),
  )

  it.live("leaves the flags of components as they were", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex([], ["release", "/nowhere.csv", ...flags])
      assert.strictEqual(code, 1)
      assert.match(stderr, /no such file/)
    }),
  )
})
