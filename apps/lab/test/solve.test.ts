/** Games and quadratics from files, to bits that do not depend on how products are computed. */
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Effect, Schema } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { SolveReport } from "../src/data/solve/SolveReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { file, game, solve, uneven } from "./support/Solving.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(SolveReport)))

const json = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(solve(...args, "--json"), ({ stdout }) => decode(stdout))

describe("solve", () => {
  it.live("says strategies, value, gap, certificate and fingerprint of a game", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* solve(file(game))
      assert.strictEqual(code, 0)
      assert.match(stdout, /^matrix game, 3 x 3, paid to the row player$/m)
      assert.match(stdout, /^row {12}rock 0\.33\d+, paper 0\.33\d+, scissors 0\.33\d+$/m)
      assert.match(stdout, /^certificate {4}within \d.* of the point common to all machines/m)
      assert.match(stdout, /^fingerprint {4}[0-9a-f]{64}$/m)
    }),
  )

  it.live("says what it took the first line and the first column for", () =>
    Effect.gen(function* () {
      const years = file("2020,1,2\n2021,3,0\n")
      const { stdout } = yield* solve(years)
      assert.match(
        stdout,
        /^read {11}as a 2 x 3 game, no header, no row names; to change this, use --header, --row-names$/m,
      )
      const { stdout: named } = yield* solve(years, "--row-names")
      assert.match(
        named,
        /^read .* 2 x 2 game, no header, row names; .* --header, --no-row-names$/m,
      )
      const { read } = yield* json(file(game))
      assert.deepStrictEqual(read, { rows: 3, columns: 3, header: true, rowNames: true })
      const { stdout: fit } = yield* solve(
        file("a,b\n1,2\n2,3\n"),
        ..."--as least-squares --radius 9".split(" "),
      )
      assert.match(fit, /^read {11}as a 2 x 2 table, a header, no row names; /m)
    }),
  )

  it.live("says why a quadratic is refused in words of the file alone", () =>
    Effect.gen(function* () {
      const indefinite = file("1,0,1\n0,-1,1\n")
      const { code, stderr } = yield* solve(indefinite, ..."--as quadratic --radius 1".split(" "))
      assert.strictEqual(code, 1)
      assert.match(stderr, /numbers\.csv: the matrix must be positive semidefinite \(got/)
      assert.notInclude(stderr, "quadraticOnBall")
    }),
  )

  it.live("publishes the same bits with products in another order, and in float32", () =>
    Effect.gen(function* () {
      const loose = ["--gap", "0.5", "--deviation", "1e-4", "--failure", "0.02"]
      const matrix = file(uneven)
      const double = yield* json(matrix, ...loose)
      const single = yield* json(matrix, ...loose, "--products", "float32")
      const other = yield* json(matrix, ...loose, "--products", "permuted")
      assert.deepStrictEqual(single.published, double.published)
      assert.deepStrictEqual(other.published, double.published)
      assert.isAbove(single.run.measuredError!, 0)
      assert.isBelow(single.run.measuredError!, single.run.error!)
      // the value of a game lies between what both players are sure of
      assert.isAtMost(double.published.value.least, double.published.value.most)
      assert.isAtMost(double.run.gap, 0.5)
      assert.isAtMost(double.published.gap, 0.5)
    }),
  )

  it.live("says which kernels computed it, and publishes the same bits with others", () =>
    Effect.gen(function* () {
      const matrix = file(uneven)
      const strict = yield* json(matrix)
      const relaxed = yield* json(matrix, "--kernels", "relaxed")
      assert.strictEqual(strict.run.kernels, "strict")
      assert.strictEqual(relaxed.run.kernels, "relaxed")
      assert.deepStrictEqual(relaxed.published, strict.published)
    }),
  )

  it.live("knows the value of a game with a saddle point, and of one row", () =>
    Effect.gen(function* () {
      const saddle = yield* json(file("3,5\n2,1\n"))
      assert.closeTo(saddle.published.value.least, 3, 0.05)
      assert.closeTo(saddle.published.value.most, 3, 0.05)
      const row = yield* json(file("1,2,0.5\n"))
      assert.closeTo(row.published.value.most, 0.5, 0.02)
    }),
  )

  /** `rows` x `columns` of a stream, as a file. */
  const drawn = (
    rows: number,
    columns: number,
    entry: (stream: RandomStream.RandomStream) => number,
  ): string => {
    const stream = RandomStream.make(Seed.root(1).child("payoffs"))
    const row = () => Array.from({ length: columns }, () => entry(stream)).join(",")
    return file(Array.from({ length: rows }, row).join("\n"))
  }

  const sum = (block: SolveReport["published"]["blocks"][number]) =>
    block.coordinates.reduce((total, { value }) => total + value, 0)

  it.live.each([
    ["300 x 300", 300, 300, (stream: RandomStream.RandomStream) => stream.normal()],
    ["1 x 200", 1, 200, (stream: RandomStream.RandomStream) => stream.normal()],
    ["400 x 3 with ties", 400, 3, (stream: RandomStream.RandomStream) => stream.integer(3)],
    ["60 x 60 alike", 60, 60, () => 1e15],
    ["9 x 7 huge", 9, 7, (stream: RandomStream.RandomStream) => 1e308 * stream.uniform()],
    ["9 x 7 tiny", 9, 7, (stream: RandomStream.RandomStream) => 5e-324 * stream.integer(99)],
  ] as const)("answers a game of %s without a flag", ([, rows, columns, entry]) =>
    Effect.gen(function* () {
      const { published } = yield* json(drawn(rows, columns, entry))
      const [first, second] = published.blocks
      assert.lengthOf(first!.coordinates, columns)
      assert.lengthOf(second!.coordinates, rows)
      assert.approximately(sum(first!), 1, 1e-12)
      assert.approximately(sum(second!), 1, 1e-12)
      assert.isAtMost(published.value.least, published.value.most)
    }),
  )

  it.live("does not mind a constant that is added to every payoff", () =>
    Effect.gen(function* () {
      const [one, more] = [
        yield* json(file("1,3,0\n2,0,5\n4,1,1\n")),
        yield* json(
          file("1000001,1000003,1000000\n1000002,1000000,1000005\n1000004,1000001,1000001\n"),
        ),
      ]
      assert.deepStrictEqual(more.published.blocks, one.published.blocks)
      assert.approximately(more.published.value.least, one.published.value.least + 1e6, 1e-9)
      // nor do the algorithms of the paper
      const asked = ["--deviation", "1e-6"]
      const [slow, other] = [
        yield* json(file("1,3,0\n2,0,5\n4,1,1\n"), ...asked),
        yield* json(
          file("1000001,1000003,1000000\n1000002,1000000,1000005\n1000004,1000001,1000001\n"),
          ...asked,
        ),
      ]
      assert.deepStrictEqual(other.published.blocks, slow.published.blocks)
    }),
  )

  it.live("says that it is the only equilibrium, or that there may be several", () =>
    Effect.gen(function* () {
      const { stdout } = yield* solve(file(game))
      assert.match(stdout, /^certificate .*: the only equilibrium, as proved$/m)
      const several = yield* solve(file("1,1,0\n1,1,0\n0,0,1\n"))
      assert.match(several.stdout, /^certificate .*: there may be several solutions/m)
      assert.match(several.stdout, /^row {12}row 1 0\.25, row 2 0\.25, row 3 0\.5$/m)
      assert.match(several.stdout, /^value {10}0\.5 \(between 0\.4999\d* and 0\.5000\d*\)$/m)
    }),
  )

  it.live("keeps the names of strategies, says what is not played, and saves all of it", () =>
    Effect.gen(function* () {
      const path = file('stake;"bluff; small";fold\nraise;2,5;-1\ncall;-1,5;1\npass;-9;-9\n')
      const saved = join(temporary(), "strategies.csv")
      const { stdout } = yield* solve(path, "--save", saved)
      assert.match(stdout, /^column {9}bluff; small 0\.333333, fold 0\.666667$/m)
      assert.match(stdout, /^row {12}raise 0\.416667, call 0\.583333; 1 not played$/m)
      const lines = readFileSync(saved, "utf8").trim().split("\r\n")
      assert.strictEqual(lines[0], "player,strategy,probability")
      assert.match(lines[1]!, /^column,bluff; small,0\.3333\d+$/)
      assert.strictEqual(lines[5], "row,pass,0")
    }),
  )

  it.live("takes numbers for names where it is told to", () =>
    Effect.gen(function* () {
      const { published } = yield* json(file("0,1,2\n10,3,5\n20,2,1\n"), "--header", "--row-names")
      const names = published.blocks.map(({ coordinates }) => coordinates.map(({ name }) => name))
      assert.deepStrictEqual(names, [
        ["1", "2"],
        ["10", "20"],
      ])
    }),
  )

  it.live("never writes over the file that it reads", () =>
    Effect.gen(function* () {
      const path = file(uneven)
      const { code, stderr } = yield* solve(path, "--save", path)
      assert.strictEqual(code, 1)
      assert.notInclude(stderr, "\n")
      assert.strictEqual(readFileSync(path, "utf8"), uneven)
    }),
  )

  it.live("names no deviation that it refuses", () =>
    Effect.gen(function* () {
      // at a deviation that leaves too much to rounding
      const large = drawn(30, 30, (stream) => stream.normal())
      const { code, stderr } = yield* solve(large, "--gap", "0.5", "--deviation", "1e-5")
      assert.strictEqual(code, 1)
      const named = /a deviation of ([^\s,]+)/.exec(stderr)![1]!
      const { published } = yield* json(large, "--gap", "0.5", "--deviation", named)
      assert.isAtMost(published.gap, 0.5)
    }),
  )

  it.live("minimises quadratics and least squares", () =>
    Effect.gen(function* () {
      const quadratic = yield* json(file("2,1,3\n1,2,0\n"), "--as", "quadratic", "--radius", "3")
      assert.closeTo(quadratic.published.value.most, -3, 0.03)
      const fit = ["--as", "least-squares", "--radius", "4", "--gap", "1e-3", "--deviation", "1e-8"]
      const line = yield* json(file("one,x,y\n1,0,0\n1,1,1\n1,2,3\n"), ...fit)
      const [one, x] = line.published.blocks[0]!.coordinates
      assert.strictEqual(one!.name, "one")
      assert.closeTo(one!.value, -1 / 6, 1e-3)
      assert.closeTo(x!.value, 1.5, 1e-3)
    }),
  )

  it.live("minimises data in any units, on the sphere, and where many points are as good", () =>
    Effect.gen(function* () {
      const fit = ["--as", "least-squares", "--radius", "1e7"]
      // 3 + 2e-6 x, exactly, x in millions
      const units = yield* json(file("one,x,y\n1,1000000,5\n1,2000000,7\n1,4000000,11\n"), ...fit)
      const [one, x] = units.published.blocks[0]!.coordinates
      assert.approximately(one!.value, 3, 1e-8)
      assert.approximately(x!.value, 2e-6, 1e-14)
      assert.strictEqual(units.run.algorithm, "minimiser")
      const sphere = yield* json(file("1,0,30\n0,1,40\n"), "--as", "quadratic", "--radius", "5")
      assert.closeTo(sphere.published.value.most, 12.5 - 250, 1e-6)
      const many = yield* json(file("1;1;2\n2;2;4\n"), "--as", "least-squares", "--radius", "9")
      assert.strictEqual(many.run.algorithm, "nearby")
      for (const { value } of many.published.blocks[0]!.coordinates) {
        assert.approximately(value, 1, 1e-5)
      }
    }),
  )

  it.live.each([
    ["0,0,3\n0,0,4\n", "x 1 1.2, x 2 1.6", /: the only minimiser$/m, -10],
    ["0,0,0\n0,0,0\n", "x 1 0, x 2 0", /: every point of the ball is a minimiser$/m, 0],
    ["1,0,0\n0,0,0\n", "x 1 0, x 2 0", /: there may be several solutions/m, 0],
  ] as const)(
    "minimises %j, and says how many minimisers there are",
    ([text, point, many, value]) =>
      Effect.gen(function* () {
        const asked = [file(text), "--no-header", ..."--as quadratic --radius 2".split(" ")]
        const { code, stdout } = yield* solve(...asked)
        assert.strictEqual(code, 0)
        assert.include(stdout, `minimiser      ${point}\n`)
        assert.match(stdout, many)
        const { published } = yield* json(...asked)
        assert.isAtMost(published.value.least, value)
        assert.isAtLeast(published.value.most, value)
        assert.approximately(published.value.most, value, 1e-9)
      }),
  )

  it.live("publishes within the gap with the deviation that a refusal names", () =>
    Effect.gen(function* () {
      const asked = [file(uneven), "--gap", "0.05", "--deviation"]
      const { stderr } = yield* solve(...asked, "0.01")
      const named = /a deviation of (\S+)$/.exec(stderr)![1]!
      const { asked: told, published } = yield* json(...asked, named)
      assert.strictEqual(told.deviation, Number(named))
      assert.isAtMost(published.gap, 0.05)
    }),
  )

  it.live("ends with 130 where it is interrupted, and prints nothing", () =>
    Effect.gen(function* () {
      const row = (i: number) =>
        Array.from({ length: 60 }, (_, j) => ((7 * i + 11 * j * j) % 61) / 61).join(",")
      const large = file(Array.from({ length: 60 }, (_, i) => row(i)).join("\n"))
      const args = ["solve", large, "--gap", "1e-4", "--deviation", "1e-6"]
      const { code, stderr, stdout } = yield* nonconvex([], args, Effect.sleep("600 millis"))
      assert.deepStrictEqual([code, stdout, stderr], [130, "", ""])
    }),
  )

  it.live("shows how far it is", () =>
    Effect.gen(function* () {
      const stream = RandomStream.make(Seed.root(1))
      const row = () => Array.from({ length: 60 }, () => stream.normal()).join(",")
      const large = file(Array.from({ length: 60 }, row).join("\n"))
      const { progress } = yield* solve(large, "--gap", "0.5", "--failure", "0.5")
      assert.match(
        progress,
        /^solve \[#+-*\] [\d ]+\/[\d ]+ steps, .*residual \S+, certified at \S+$/m,
      )
    }),
  )
})
