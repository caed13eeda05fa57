import { assert, describe, it } from "@effect/vitest"
import { columnsOf, defaultsOf, labelsOf, overlay } from "../../src/live/Curves.ts"

const curve = (label: string, scale: number) => ({
  label,
  rows: ["SAM", "SGD"].flatMap((method) =>
    [1, 2, 3].map((step) => ({ method, width: 8, step, testLoss: scale / step, trace: 1 })),
  ),
})

const both = [curve("a", 1), curve("b", 2)]

describe("curves over each other", () => {
  it("draw what is measured against time by default", () => {
    assert.deepStrictEqual(columnsOf(both), {
      numbers: ["width", "step", "testLoss", "trace"],
      names: ["method"],
    })
    assert.deepStrictEqual(defaultsOf(both), { x: "step", y: "testLoss" })
    assert.deepStrictEqual(
      defaultsOf([{ label: "a", rows: [1, 2, 3].map((roll) => ({ roll, mean: 4 })) }]),
      { x: "roll", y: "mean" },
    )
    assert.isUndefined(defaultsOf([{ label: "a", rows: [{ name: "x" }] }]))
  })

  it("have a colour for each run, and a line for each series of it", () => {
    const figure = overlay(both, { x: "step", y: "testLoss" })!
    assert.include(figure.caption, "2 runs")
    const spec = figure.spec as unknown as {
      readonly data: { readonly values: ReadonlyArray<Readonly<Record<string, unknown>>> }
      readonly encoding: { readonly color: { readonly field: string } }
    }
    assert.lengthOf(spec.data.values, 12)
    assert.deepStrictEqual(spec.data.values[0], { run: "a", series: "SAM", step: 1, testLoss: 1 })
    assert.strictEqual(spec.encoding.color.field, "run")
    assert.isUndefined(overlay(both, { x: "none", y: "step" }))
  })

  it("are distinguished by the settings that differ, or else by their ids", () => {
    const run = (id: string, radius: number, seed = 1) => ({
      id,
      seed,
      config: { radius, width: 4 },
    })
    assert.deepStrictEqual(labelsOf([run("aaaaaaaaaa", 0.1), run("bbbbbbbbbb", 0.2)]), [
      "radius 0.1",
      "radius 0.2",
    ])
    assert.deepStrictEqual(labelsOf([run("aaaaaaaaaa", 0.1), run("bbbbbbbbbb", 0.1)]), [
      "aaaaaaaa",
      "bbbbbbbb",
    ])
  })
})
