/** Lists of the best columns from the command line, of counts that no model made and of ratings. */
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CompleteReport } from "../src/data/complete/CompleteReport.ts"
import { RecommendReport } from "../src/data/complete/RecommendReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.toCodecJson(RecommendReport)),
)
const imports = join(import.meta.dirname, "fixtures", "counts", "imports.csv")

const file = (text: string): string => {
  const path = join(temporary(), "table.csv")
  writeFileSync(path, text)
  return path
}

/** Ratings by two tastes: rows like the columns of their own parity. */
const ratings = (): string => {
  const stream = RandomStream.make(Seed.root(6))
  const lines = Array.from({ length: 60 * 24 }, (_, at) => [Math.floor(at / 24), at % 24] as const)
    .filter(() => stream.uniform() < 0.5)
    .map(([row, column]) => {
      const rating = ((row + column) % 2 === 0 ? 4 : 1) + Number(stream.uniform() < 0.5)
      return `u${row},i${column},${rating}`
    })
  return ["user,item,rating", ...lines].join("\n")
}

const run = (...args: ReadonlyArray<string>) => nonconvex([], ["complete", ...args])

describe("complete lists", () => {
  it.live("from counts what a row does not have yet, with the ranking of held-out cells", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run(imports, "--implicit", "--top", "5", "--json")
      assert.strictEqual(code, 0)
      const { counts, heldOut, lists, observed, rows, top } = yield* decode(stdout)
      assert.deepStrictEqual([rows, observed, top, lists.length], [229, 904, 5, 229])
      assert.isAbove(counts!.candidates, 3)
      const { found } = heldOut
      assert.strictEqual(found!.rows, 229)
      assert.isAbove(found!.ndcg.model.mean, 0.3)
      const given = new Set(
        readFileSync(imports, "utf8")
          .split("\n")
          .map((line) => line.split(",").slice(0, 2).join()),
      )
      for (const { columns, row } of lists) {
        assert.lengthOf(columns, 5)
        columns.forEach(({ column, value }, k) => {
          assert.isFalse(given.has(`${row},${column}`))
          if (k > 0) assert.isAtMost(value, columns[k - 1]!.value)
        })
      }
    }),
  )

  it.live("named rows in a table, and all rows in a file", () =>
    Effect.gen(function* () {
      const rows = ["optim-sam/operations/Model", "catapults/descent/BatchAdvice"]
      const named = rows.flatMap((row) => ["--row", row])
      const { stdout } = yield* run(imports, "--implicit", "--top", "3", ...named)
      const from = stdout.split("\n").findIndex((line) => line.startsWith("row "))
      const printed = stdout
        .trimEnd()
        .split("\n")
        .slice(from + 1)
      assert.deepStrictEqual(
        printed.map((line) => line.split(" ")[0]),
        rows,
      )
      for (const line of printed) assert.match(line, /^\S+ +\w+ \S+, \w+ \S+, \w+ \S+$/)
      assert.match(stdout, /^chosen {7}counts as confidence: rank \d+, alpha \S+/m)
      assert.match(stdout, /^ {13}chosen model +\S+ ± \S+ +\S+ ± \S+$/m)
      assert.match(stdout, /^ {13}most popular +\S+ ± \S+ +\S+ ± \S+$/m)
      const save = join(temporary(), "lists.csv")
      yield* run(imports, "--implicit", "--top", "3", "--time", "1", "--save", save)
      const lines = readFileSync(save, "utf8").trimEnd().split("\r\n")
      assert.strictEqual(lines[0], "row,place,column,value")
      assert.lengthOf(lines, 1 + 3 * 229)
      assert.match(lines[1]!, /^catapults\/descent\/BatchAdvice,1,\w+,[\d.]+$/)
    }),
  )

  it.live("asks what values are that look like counts, and never guesses", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run(imports, "--top", "5")
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(
        stderr,
        /look like counts \(413 of 904 are 1, the largest is 26\); add --implicit .*, or --no-implicit if/,
      )
      const filled = yield* run(imports, "--time", "1")
      assert.strictEqual(filled.code, 0)
      assert.match(filled.stdout, /^warning {6}the values look like counts\. .*--implicit.*--no-/m)
      const said = yield* run(imports, "--no-implicit", "--time", "1", "--json")
      const report = yield* Schema.decodeUnknownEffect(
        Schema.fromJsonString(Schema.toCodecJson(CompleteReport)),
      )(said.stdout)
      assert.isFalse(report.perhapsCounts)
    }),
  )

  it.live("by predicted values the columns of the taste of a row, better than by means", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run(file(ratings()), "--top", "4", "--json")
      assert.strictEqual(code, 0)
      const { counts, heldOut, lists, noBetterThan, values } = yield* decode(stdout)
      assert.strictEqual(counts, undefined)
      assert.isBelow(values!.error, 1)
      assert.isAbove(heldOut.ordered!.gain.mean, 0)
      assert.notInclude(noBetterThan, "means of columns")
      const parity = (name: string) => Number(name.slice(1)) % 2
      const own = lists.flatMap(({ columns, row }) =>
        columns.filter(({ column }) => parity(column) === parity(row)),
      )
      assert.isAbove(own.length, 0.9 * 4 * 60)
    }),
  )

  it.live("no error bar of a single ranked row, and of a full row that nothing is left", () =>
    Effect.gen(function* () {
      const full = file("user,item,rating\na,x,5\na,y,1\na,z,3\na,w,4\nb,x,4\nb,y,2\n")
      const { code, stdout } = yield* run(full, "--top", "2")
      assert.strictEqual(code, 0)
      assert.match(stdout, /chosen model +1, no error bar +0\.5, no error bar$/m)
      assert.match(stdout, /^a +none: every column has a value$/m)
      assert.notInclude(stdout, "Infinity")
    }),
  )

  it.live("nothing that chance would give as well without saying it", () =>
    Effect.gen(function* () {
      const stream = RandomStream.make(Seed.root(8))
      const lines = Array.from({ length: 40 * 20 }, (_, at) => at)
        .filter(() => stream.uniform() < 0.3)
        .map((at) => `u${Math.floor(at / 20)},i${at % 20},1`)
      const { stdout } = yield* run(file(["user,item,n", ...lines].join("\n")), "--implicit")
      assert.match(stdout, /^warning {6}no clear gain over the most popular columns/m)
    }),
  )

  it.live("zeros of a matrix of counts as no counts", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 12 }, (_, r) =>
        [`r${r}`, ...Array.from({ length: 8 }, (_cell, c) => Number((r + c) % 2 === 0))].join(","),
      )
      const text = ["name,a,b,c,d,e,f,g,h", ...rows].join("\n")
      const { code, stdout } = yield* run(file(text), "--implicit", "--top", "2", "--json")
      assert.strictEqual(code, 0)
      assert.strictEqual((yield* decode(stdout)).observed, 48)
    }),
  )

  it.live("nothing for flags and values that do not fit, and leaves no file", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "lists.csv")
      const negative = file("user,item,n\na,x,3\na,y,-2\nb,x,1\nb,z,4\n")
      const wrong = [
        [[imports, "--row", "nothing"], /--row needs lists, by --top or --implicit/],
        [
          [imports, "--implicit", "--row", "catapults/descent/BatchAdvise", "--save", save],
          /no row is named "catapults\/descent\/BatchAdvise"; did you mean catapults\/descent\/BatchAdvice/,
        ],
        [
          [imports, "--implicit", "--weights", "uses"],
          /--weights needs values, without --implicit/,
        ],
        [[imports, "--implicit", "--model", save], /--model needs a filled table/],
        [[imports, "--implicit", "--rank", "0"], /--implicit needs a --rank of at least 1/],
        [
          [file("user,item,n\na,x,3\na,y,1\nb,x,7\nb,z,2\n"), "--implicit"],
          /no row has more than 2 counts above 0, and --implicit needs a row with 3/,
        ],
        [[negative, "--implicit"], /row "a", column "y" has -2, and --implicit needs counts/],
        [[join(import.meta.dirname, "fixtures/columns/people.csv"), "--top", "2"], /words/],
        [[imports, "--apply", imports, "--top", "2"], /--top needs a fit, and no --apply/],
      ] as const
      for (const [args, says] of wrong) {
        const { code, stderr, stdout } = yield* run(...args)
        assert.deepStrictEqual([code, stdout], [1, ""])
        assert.match(stderr, says)
      }
      assert.isFalse(existsSync(save))
    }),
  )
})
