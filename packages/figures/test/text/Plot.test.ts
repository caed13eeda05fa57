/** Pictures in the terminal. */
import { assert, describe, it } from "@effect/vitest"
import * as Plot from "../../src/text/Plot.ts"

const x = { title: "x", scale: "linear" } as const
const line = (name: string, ...points: ReadonlyArray<readonly [number, number]>) => ({
  name,
  points,
})

describe("Plot", () => {
  it("draws a line from corner to corner, with its ends on the axes", () => {
    assert.deepStrictEqual(
      Plot.render(
        {
          x,
          y: { title: "loss", scale: "linear" },
          curves: [line("", [0, 0], [1, 8])],
          joined: true,
        },
        { width: 11, height: 2, number: String },
      ),
      ["loss", "8 │    ⣀⠤⠒⠉", "0 │⣀⠤⠒⠉", "  └────────", "   0      1", "   x"],
    )
  })

  it("has a logarithmic axis, on which numbers that are not above 0 have no place", () => {
    const picture = Plot.render(
      {
        x,
        y: { title: "loss", scale: "log" },
        curves: [line("", [0, 1], [1, 100], [2, 10_000], [3, 0], [4, Number.NaN])],
        joined: false,
      },
      { width: 14, height: 3, number: String },
    )
    assert.strictEqual(picture[0], "loss, log scale")
    assert.match(picture[1]!, /^10000 │ +⠈$/)
    assert.match(picture[2]!, /^ {6}│ +\S$/)
    assert.match(picture[3]!, /^ {4}1 │⡀$/)
    assert.match(picture[5]!, /0 +2$/)
  })

  it("tells several curves apart, by letters where there is no colour", () => {
    const curves = [line("gd", [0, 0], [1, 0]), line("sam", [0, 1], [1, 1])]
    const plain = Plot.render(
      { x, y: x, curves, joined: true },
      { width: 20, height: 3, number: String },
    )
    assert.match(plain[1]!, /^1 │b+$/)
    assert.match(plain[3]!, /^0 │a+$/)
    assert.strictEqual(plain.at(-1), "   a gd  b sam")
    const colour = (curve: number, text: string) => `<${curve}${text}>`
    const coloured = Plot.render(
      { x, y: x, curves, joined: true },
      { width: 20, height: 3, number: String, colour },
    )
    assert.match(coloured[1]!, /<1⠉+>/)
    assert.strictEqual(coloured.at(-1), "   <0● gd>  <1● sam>")
  })

  it("draws one point, equal points, and nothing of none", () => {
    const one = Plot.render(
      { x, y: x, curves: [line("", [3, 3], [3, 3])], joined: true },
      { width: 12, height: 3, number: String },
    )
    assert.strictEqual(one.join("").match(/[⠁-⣿]/g)?.length, 1)
    assert.deepStrictEqual(
      Plot.render(
        { x, y: x, curves: [line("", [Number.NaN, 1])], joined: true },
        { width: 12, height: 3, number: String },
      ),
      [],
    )
  })
})
