/** What `solve` refuses, in one line that says how to mend it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { file, game, solve, uneven } from "./support/Solving.ts"

describe("solve", () => {
  const bad: ReadonlyArray<
    readonly [what: string, text: string, flags: ReadonlyArray<string>, message: RegExp]
  > = [
    ["a cell that is no number", "1,2\n3,x\n", [], /row 2, column 2: "x" is not a number/],
    ["a ragged matrix", "1,2\n3\n", [], /row 2: 2 cells expected/],
    ["a minimisation without a bound", uneven, ["--as", "quadratic"], /--radius/],
    [
      "a quadratic of the wrong shape",
      uneven,
      ["--as", "quadratic", "--radius", "1"],
      /3 x 3 numbers; a quadratic/,
    ],
    [
      "a quadratic that is not convex",
      "1,0,1\n0,-1,1\n",
      ["--as", "quadratic", "--radius", "1"],
      /positive semidefinite \(got smallest eigenvalue = -1/,
    ],
    [
      "a quadratic that is not symmetric",
      "1,2,1\n0,1,1\n",
      ["--as", "quadratic", "--radius", "1"],
      /must be symmetric/,
    ],
    [
      "a quadratic whose values overflow",
      "2e300,0,60e300\n0,2e300,80e300\n",
      ["--as", "quadratic", "--radius", "5"],
      /numbers\.csv: the objective or its squares overflow; scale the table or the radius/,
    ],
    [
      "tolerances below the noise of float64",
      game,
      ["--deviation", "1e-16"],
      /cannot give both a gap of 0\.02 and a deviation of 1e-16, which allow an error of \S+; ask for a deviation of \S+, or/,
    ],
    [
      "float32 for tolerances that it cannot meet",
      game,
      ["--products", "float32", "--gap", "0.1", "--failure", "0.5"],
      /or compute with smaller errors/,
    ],
    [
      "tolerances whose grid is wider than the strategies",
      uneven,
      ["--gap", "0.05", "--deviation", "0.01"],
      /need a grid of 32; rounding to it may cost a gap of \S+, but only 0\.025 is left; ask for a deviation of \S+$/,
    ],
    [
      "a gap of a steep quadratic that rounding may cost",
      "1,0,1000\n0,1,0\n",
      ["--as", "quadratic", "--radius", "1", "--gap", "0.01", "--deviation", "1e-3"],
      /ask for a deviation of \S+$/,
    ],
    [
      "payoffs whose sums overflow in the algorithms of the paper",
      "1e308,-1e308\n1e308,1e308\n",
      ["--deviation", "1e-7"],
      /error must be a finite number/,
    ],
    ["a gap that rounding costs", uneven, ["--gap", "1e-12"], /ask for a gap of \S+, or/],
    ["a missing payoff", "1,\n3,4\n", [], /row 1, column 2/],
    ["two columns of text", "a,x,1\nb,y,2\n", [], /"y" is not a number/],
    ["a header alone", "left,right\n", [], /no data|header/],
    ["a payoff without end", "1,2\nInfinity,4\n", [], /row 2, column 1/],
    ["a radius of a game", game, ["--radius", "2"], /a game has no --radius/],
    ["a gap of 0", game, ["--gap", "0"], /greater than 0/],
    ["a probability of 1", game, ["--failure", "1"], /less than 1/],
  ]

  it.live("refuses a file that is not there", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* solve("absent.csv")
      assert.strictEqual(code, 1)
      assert.match(stderr, /absent\.csv: no such file/)
    }),
  )

  it.live.each(bad)("refuses %s in one line", ([, text, flags, message]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* solve(file(text), ...flags)
      assert.strictEqual(code, 1)
      assert.strictEqual(stdout, "")
      assert.match(stderr, message)
      assert.notInclude(stderr, "\n")
    }),
  )
})
