/** `solve --exact`: equilibria in fractions, from files. */
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Effect, Schema } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ExactReport } from "../src/data/solve/ExactReport.ts"
import { temporary } from "./support/Folders.ts"
import { file, game, solve } from "./support/Solving.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(ExactReport)))

const penalties =
  ";dive left;stay;dive right\nshoot left;0,58;0,83;0,93\nshoot centre;0,93;0,30;0,93\nshoot right;0,95;0,83;0,70\n"

/** A table of n rows of n numbers. */
const table = (n: number, entry: (i: number, j: number) => number): string =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => entry(i, j)).join(","),
  ).join("\n")

describe("solve --exact", () => {
  it.live("takes payoffs for the decimals that are written, and gives fractions", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* solve(file(penalties), "--exact")
      assert.strictEqual(code, 0)
      assert.match(stdout, /^value {10}31989\/39850 = 0\.8027352572\d+$/m)
      assert.match(
        stdout,
        /^column .*dive left 1219\/3985 = 0\.305897, stay 161\/797 = 0\.202008,/m,
      )
      assert.match(stdout, /^row .*shoot left 315\/797 = 0\.395232, shoot centre 41\/797/m)
      assert.match(stdout, /^proof .* without rounding$/m)
      assert.match(stdout, /^others {9}none: /m)
    }),
  )

  it.live("says so where there may be other equilibria", () =>
    Effect.gen(function* () {
      const twice = file("1,0\n0,1\n1,0\n")
      const { stdout } = yield* solve(twice, "--exact")
      assert.match(stdout, /^value {10}1\/2 = 0\.5$/m)
      assert.match(stdout, /^others {9}there may be other equilibria with the same value$/m)
      // and without the flag it says that there is one
      const { stdout: near } = yield* solve(twice)
      assert.match(near, /--exact gives an equilibrium itself, in fractions$/m)
    }),
  )

  it.live("prints and saves integers that are the equilibrium", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "strategies.csv")
      const path = file(game)
      const { stdout } = yield* solve(path, "--exact", "--json", "--save", save)
      const report = yield* decode(stdout)
      assert.isTrue(report.isEquilibrium && report.isOnly)
      assert.deepStrictEqual(report.least, { numerator: "0", denominator: "1", decimal: 0 })
      assert.deepStrictEqual(report.most, report.least)
      const names = ["rock", "paper", "scissors"]
      const strategies = names.map((name) => ({ name, weight: "1", probability: 1 / 3 }))
      assert.deepStrictEqual(
        report.players,
        ["column", "row"].map((title) => ({ title, total: "3", strategies })),
      )
      const lines = ["column", "row"].flatMap((player) =>
        names.map((name) => `${player},${name},${1 / 3},1,3`),
      )
      assert.strictEqual(
        readFileSync(save, "utf8"),
        ["player,strategy,probability,numerator,denominator", ...lines, ""].join("\r\n"),
      )
    }),
  )

  it.live("names the digits of fractions that nobody would read, and keeps them in --json", () =>
    Effect.gen(function* () {
      const stream = RandomStream.make(Seed.root(1).child("payoffs"))
      const path = file(table(30, () => stream.uniform()))
      const { stdout } = yield* solve(path, "--exact")
      assert.match(stdout, /^value {10}0\.\d+ \(a fraction with a denominator of \d+ digits\)$/m)
      assert.match(
        stdout,
        /; fractions with a denominator of \d+ digits \(shown by --save or --json\)$/m,
      )
      const { players } = yield* decode((yield* solve(path, "--exact", "--json")).stdout)
      for (const { strategies, total } of players) {
        assert.strictEqual(
          strategies.reduce((sum, { weight }) => sum + BigInt(weight), 0n),
          BigInt(total),
        )
      }
    }),
  )

  it.live(
    "gives bounds without rounding where fractions would be too long",
    () =>
      Effect.gen(function* () {
        const stream = RandomStream.make(Seed.root(1).child("payoffs"))
        const path = file(
          table(220, (i, j) => (i === j ? 1 + stream.uniform() : 1e-300 * stream.uniform())),
        )
        const { code, stdout } = yield* solve(path, "--exact")
        assert.strictEqual(code, 0)
        assert.match(stdout, /^value {10}between 0\.\d+ and 0\.\d+, without rounding$/m)
        assert.match(stdout, /^fractions {6}none: they would have \d[\d\s]* digits each;/m)
      }),
    60_000,
  )

  const bad: ReadonlyArray<readonly [what: string, flags: ReadonlyArray<string>, message: string]> =
    [
      ["a gap", ["--gap", "1"], "--exact allows no --gap, since it is 0"],
      [
        "a deviation",
        ["--deviation", "1e-7"],
        "--exact allows no --deviation: fractions are not rounded",
      ],
      [
        "products of another machine",
        ["--products", "float32"],
        "--exact allows no --products: fractions are not rounded",
      ],
      [
        "a quadratic",
        ["--as", "quadratic", "--radius", "1"],
        "--exact needs a game (--as game, or no --as)",
      ],
      ["a radius", ["--radius", "1"], "a game has no --radius"],
    ]

  it.live.each(bad)("refuses %s in one line", ([, flags, message]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* solve(file(game), "--exact", ...flags)
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.include(stderr, message)
      assert.notInclude(stderr, "\n")
    }),
  )
})
