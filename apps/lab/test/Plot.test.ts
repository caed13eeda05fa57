/** Pictures in the terminal. */
import { assert, describe, it } from "@effect/vitest"
import { Figure } from "@nonconvex/evidence"
import { Effect } from "effect"
import { TerminalCapabilities } from "effect/cli"
import * as Plot from "../src/cli/Plot.ts"
import * as TerminalFigure from "../src/evidence/TerminalFigure.ts"
import { nonconvex } from "./support/InProcess.ts"
import { both } from "./support/Toys.ts"

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
        { width: 11, height: 2 },
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
      { width: 14, height: 3 },
    )
    assert.strictEqual(picture[0], "loss, log scale")
    assert.match(picture[1]!, /^10000 │ +⠈$/)
    assert.match(picture[2]!, /^ {6}│ +\S$/)
    assert.match(picture[3]!, /^ {4}1 │⡀$/)
    assert.match(picture[5]!, /0 +2$/)
  })

  it("tells several curves apart, by letters where there is no colour", () => {
    const curves = [line("gd", [0, 0], [1, 0]), line("sam", [0, 1], [1, 1])]
    const plain = Plot.render({ x, y: x, curves, joined: true }, { width: 20, height: 3 })
    assert.match(plain[1]!, /^1 │b+$/)
    assert.match(plain[3]!, /^0 │a+$/)
    assert.strictEqual(plain.at(-1), "   a gd  b sam")
    const colour = (curve: number, text: string) => `<${curve}${text}>`
    const coloured = Plot.render(
      { x, y: x, curves, joined: true },
      { width: 20, height: 3, colour },
    )
    assert.match(coloured[1]!, /<1⠉+>/)
    assert.strictEqual(coloured.at(-1), "   <0● gd>  <1● sam>")
  })

  it("draws one point, equal points, and nothing of none", () => {
    const one = Plot.render(
      { x, y: x, curves: [line("", [3, 3], [3, 3])], joined: true },
      { width: 12, height: 3 },
    )
    assert.strictEqual(one.join("").match(/[⠁-⣿]/g)?.length, 1)
    assert.deepStrictEqual(
      Plot.render(
        { x, y: x, curves: [line("", [Number.NaN, 1])], joined: true },
        { width: 12, height: 3 },
      ),
      [],
    )
  })
})

describe("a figure in the terminal", () => {
  const rows = [0, 1, 2, 3].flatMap((step) =>
    ["gd", "sam"].map((method) => ({
      step,
      method,
      loss: method === "gd" ? 1 / (step + 1) : 1,
      part: step % 2,
    })),
  )
  const options = {
    id: "losses",
    title: "Losses",
    caption: "They fall.",
    x: { field: "step", title: "step" },
    y: { field: "loss", title: "loss", scale: "log" },
    series: { field: "method", title: "method" },
  } as const

  it("is that of the report: the same curves, filters and scales", () => {
    const { spec } = Figure.lines<(typeof rows)[number]>({ ...options, where: { method: "gd" } })
    const [[name, plot] = ["?"], ...others] = [...TerminalFigure.panelsOf(spec, rows)!]
    assert.deepStrictEqual([name, others], ["", []])
    assert.deepStrictEqual(plot!.curves, [
      { name: "gd", points: [0, 1, 2, 3].map((step) => [step, 1 / (step + 1)] as const) },
    ])
    assert.strictEqual(plot!.y.scale, "log")
  })

  it("has its panels, and says what it leaves out", () => {
    const first = Figure.points<(typeof rows)[number]>({
      ...options,
      panel: { field: "part", title: "part" },
    })
    const picture = TerminalFigure.render(
      { figures: [first, first], rows },
      { width: 40, height: 4 },
    )
    assert.strictEqual(picture[0], "Losses")
    assert.strictEqual(picture.filter((text) => text === "loss, log scale").length, 2)
    assert.strictEqual(picture.at(-1), "1 more of them: --out draws all")
  })

  it("is none where the figure is of a kind that text cannot show", () => {
    const custom = Figure.custom({ id: "a", title: "", caption: "", spec: { mark: "bar" } })
    assert.deepStrictEqual(
      TerminalFigure.render({ figures: [custom], rows }, { width: 40, height: 4 }),
      [],
    )
  })
})

describe("run", () => {
  const on = (canAnimate: boolean, ...more: ReadonlyArray<string>) =>
    nonconvex(both, ["run", "dice", ...more]).pipe(
      Effect.provideService(TerminalCapabilities.TerminalCapabilities, {
        canAnimate,
        canColor: false,
        canPrompt: false,
      }),
    )

  it.live("draws its curve on a terminal, and nowhere else", () =>
    Effect.gen(function* () {
      const axis = /^ *└─+$/m
      assert.match((yield* on(true)).stdout, axis)
      assert.notMatch((yield* on(false)).stdout, axis)
      assert.notMatch((yield* on(true, "--json")).stdout, axis)
    }),
  )
})
