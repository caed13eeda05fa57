/**
 * Degenerate games, of which other solvers find no equilibrium or NaN: each answer of `solve --exact` is checked here by integers alone, from the
 * file and the JSON that is printed.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Rational from "@nonconvex/numerics/Rational"
import { Effect, Schema } from "effect"
import { ExactReport } from "../src/data/solve/ExactReport.ts"
import { SolveReport } from "../src/data/solve/SolveReport.ts"
import { file, solve } from "./support/Solving.ts"

const decode = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))

type Rows = ReadonlyArray<ReadonlyArray<string>>

const games: ReadonlyArray<readonly [name: string, payoffs: Rows]> = [
  [
    "all payoffs alike",
    [
      ["0", "0", "0"],
      ["0", "0", "0"],
    ],
  ],
  [
    "all payoffs alike and not 0",
    [
      ["0.1", "0.1"],
      ["0.1", "0.1"],
      ["0.1", "0.1"],
    ],
  ],
  ["one row", [["3", "-1", "2", "-1"]]],
  ["one column", [["3"], ["-1"], ["3"]]],
  ["one payoff", [["-0.3"]]],
  [
    "rows twice",
    [
      ["1", "0"],
      ["0", "1"],
      ["1", "0"],
      ["0", "1"],
    ],
  ],
  [
    "columns twice",
    [
      ["1", "1", "0"],
      ["0", "0", "1"],
    ],
  ],
  [
    "weak domination",
    [
      ["1", "1", "0"],
      ["1", "0", "0"],
      ["0", "0", "0"],
    ],
  ],
  [
    "two saddles",
    [
      ["2", "2", "5"],
      ["1", "0", "9"],
      ["2", "2", "7"],
    ],
  ],
  [
    "a singular matrix",
    [
      ["1", "2", "3"],
      ["4", "5", "6"],
      ["7", "8", "9"],
    ],
  ],
  [
    "a support of other sizes",
    [
      ["0", "2", "-2"],
      ["-1", "1", "3"],
    ],
  ],
  [
    "rock, paper, scissors and a copy",
    [
      ["0", "-1", "1", "0"],
      ["1", "0", "-1", "1"],
      ["-1", "1", "0", "-1"],
      ["0", "-1", "1", "0"],
    ],
  ],
  [
    "payoffs far apart",
    [
      ["1e-12", "1e12"],
      ["1e12", "1e-12"],
    ],
  ],
  [
    "skew-symmetric with a line of equilibria",
    [
      ["0", "1", "-1", "0"],
      ["-1", "0", "0", "1"],
      ["1", "0", "0", "-1"],
      ["0", "-1", "1", "0"],
    ],
  ],
]

const sum = (terms: ReadonlyArray<Rational.Rational>): Rational.Rational =>
  terms.reduce(Rational.add, Rational.zero)

const csv = (payoffs: Rows): string => `${payoffs.map((row) => row.join(",")).join("\n")}\n`

describe("degenerate games", () => {
  it.live.each(games)("%s: fractions that are an equilibrium, by integers alone", ([, payoffs]) =>
    Effect.gen(function* () {
      const a = payoffs.map((row) => row.map((cell) => Rational.parse(cell)!))
      const path = file(csv(payoffs))
      const flags = ["--no-header", "--no-row-names", "--json"]
      const { code, stderr, stdout } = yield* solve(path, ...flags, "--exact")
      assert.strictEqual(code, 0, stderr)
      const report = yield* decode(ExactReport)(stdout)
      assert.isTrue(report.isEquilibrium)
      const strategyOf = (title: string) => {
        const { strategies, total } = report.players.find((player) => player.title === title)!
        return strategies.map(({ weight }) => Rational.make(BigInt(weight), BigInt(total)))
      }
      const [x, y] = [strategyOf("row"), strategyOf("column")]
      for (const strategy of [x, y]) {
        assert.isTrue(strategy.every((p) => Rational.compare(p, Rational.zero) >= 0))
        assert.strictEqual(Rational.compare(sum(strategy), Rational.one), 0)
      }
      const v = Rational.make(BigInt(report.least.numerator), BigInt(report.least.denominator))
      // x has at least v against every column, y pays at most v against every row
      for (let j = 0; j < y.length; j++) {
        const paid = sum(x.map((p, i) => Rational.multiply(p, a[i]![j]!)))
        assert.isAtLeast(Rational.compare(paid, v), 0)
      }
      for (const row of a) {
        const paid = sum(y.map((p, j) => Rational.multiply(p, row[j]!)))
        assert.isAtMost(Rational.compare(paid, v), 0)
      }
      // and the doubles without the flag are there, and around the same value
      const near = yield* solve(path, ...flags)
      assert.strictEqual(near.code, 0, near.stderr)
      const { published } = yield* decode(SolveReport)(near.stdout)
      const value = Rational.toNumber(v)
      const rounding = 1e-9 * Math.max(1, Math.abs(value))
      assert.isAtMost(published.value.least - rounding, value)
      assert.isAtLeast(published.value.most + rounding, value)
      for (const { coordinates } of published.blocks) {
        for (const each of coordinates)
          assert.isTrue(Number.isFinite(each.value) && each.value >= 0)
      }
    }),
  )
})
