/** A column over tolerances is drawn as the share of rows within each. */
import { assert, describe, it } from "@effect/vitest"
import { draw } from "../../src/evidence/study/StudyFigures.ts"

const rows = [0.01, 0.03, Number.NaN, 0.02].map((shortfall, at) => ({
  seed: 1 + (at % 2),
  method: "SAM",
  shortfall,
}))

const marksOf = (point: string) => {
  const all = ["first", "second", "third"].flatMap((name, at) =>
    [1, 2].map((seed) => ({ seed, name, size: at + 1, x: at + seed, y: seed - at })),
  )
  const { spec } = draw(all)({
    id: "plane",
    title: "Two means",
    caption: "Of each.",
    kind: "plane",
    x: { field: "x", title: "x" },
    y: { field: "y", title: "y" },
    point,
  })
  return (
    spec["layer"] as ReadonlyArray<{
      readonly mark: { readonly type: string; readonly clip?: boolean }
    }>
  ).map(({ mark }) => mark)
}

describe("a figure of two means", () => {
  it("joins the points of a setting of numbers in their order, and those of names not at all", () => {
    assert.deepStrictEqual(
      marksOf("size").map(({ type }) => type),
      ["line", "rule", "point"],
    )
    assert.deepStrictEqual(
      marksOf("name").map(({ type }) => type),
      ["text", "text", "rule", "point"],
    )
  })

  it("cuts no point at the frame", () => {
    for (const { clip, type } of [...marksOf("size"), ...marksOf("name")]) {
      assert.isTrue(type === "line" || clip !== true, type)
    }
  })
})

describe("a figure over tolerances", () => {
  it("has the share of the rows that are within each, and none without a number", () => {
    const { spec } = draw(rows)({
      id: "tolerance",
      title: "Share of good settings",
      caption: "Over the tolerance.",
      kind: "lines",
      tolerances: { of: "shortfall", at: [0.005, 0.02, 0.03] },
      x: { field: "tolerance", title: "tolerance" },
      y: { field: "within", title: "share" },
      series: { field: "method", title: "method" },
    })
    const { values } = spec["data"] as { readonly values: ReadonlyArray<Record<string, number>> }
    assert.deepStrictEqual(
      values.map(({ mean, x }) => [x, mean]),
      [
        [0.005, 0],
        [0.02, 0.5],
        [0.03, 0.75],
      ],
    )
  })
})
