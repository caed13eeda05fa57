import { assert, describe, it } from "@effect/vitest"
import { figureOf } from "../../src/live/SweepFigure.ts"

const trials = [0.1, 0.2].flatMap((radius) =>
  [4, 8].flatMap((width) =>
    [1, 2].map((seed) => ({ radius, width, seed, status: "done", metric: radius * width + seed })),
  ),
)

const markOf = (varied: ReadonlyArray<string>, metric: string | undefined = "last(loss)") => {
  const text = JSON.stringify(figureOf(trials, varied, metric)?.spec)
  return ["rect", "point", "line", "text"].filter((mark) =>
    text.includes(`"mark":{"type":"${mark}"`),
  )
}

describe("the figure of a sweep", () => {
  it("is metric against setting over one, a heat map over two, and parallel over more", () => {
    assert.deepStrictEqual(markOf(["radius"]), ["point", "line"])
    assert.deepStrictEqual(markOf(["radius", "width"]), ["rect"])
    assert.deepStrictEqual(markOf(["radius", "width", "seed"]), ["line", "text"])
  })

  it("has the mean over seeds in a cell", () => {
    const { spec } = figureOf(trials, ["radius", "width"], "last(loss)")!
    const { values } = (spec as unknown as { readonly data: { readonly values: unknown } })
      .data as {
      readonly values: ReadonlyArray<{ readonly metric: number; readonly trials: number }>
    }
    assert.lengthOf(values, 4)
    assert.strictEqual(values[0]!.trials, 2)
    assert.closeTo(values[0]!.metric, 0.1 * 4 + 1.5, 1e-12)
  })

  it("is of trials that have a number", () => {
    const failed = trials.map((row) => ({ ...row, metric: Number.NaN }))
    assert.isUndefined(figureOf(failed, ["radius"], "last(loss)"))
  })
})
