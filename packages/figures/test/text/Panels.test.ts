import { assert, describe, it } from "@effect/vitest"
import * as Figure from "../../src/index.ts"
import { panelsOf, render } from "../../src/text/Panels.ts"

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
    const [[name, plot] = ["?"], ...others] = [...panelsOf(spec, rows)!]
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
    const picture = render(
      { figures: [first, first], rows },
      { width: 40, height: 4, number: String },
    )
    assert.strictEqual(picture[0], "Losses")
    assert.strictEqual(picture.filter((text) => text === "loss, log scale").length, 2)
    assert.strictEqual(picture.at(-1), "1 more panels: --out draws all")
  })

  it("is none where the figure is of a kind that text cannot show", () => {
    const custom = Figure.custom({ id: "a", title: "", caption: "", spec: { mark: "bar" } })
    assert.deepStrictEqual(
      render({ figures: [custom], rows }, { width: 40, height: 4, number: String }),
      [],
    )
  })
})
