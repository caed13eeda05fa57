/** How near a search came to a bound, against its effort: the picture in a row of claims, and its words. */
import { Verdict } from "@nonconvex/evidence"
import { assert, describe, it } from "vitest"
import * as MarginPath from "../../src/evidence/report/MarginPath.ts"

type Held = typeof Verdict.Held.Type
type Compared = NonNullable<Verdict.Nearest["compared"]>

const held = (compared: Compared | undefined, reached: ReadonlyArray<number>): Held => {
  const worst = reached.at(-1)!
  return {
    _tag: "Held",
    id: "toy/bounded",
    statement: "It is bounded.",
    source: { paper: "none", statement: "none", basis: "derived here" },
    runs: 20,
    margins: { worst, percent1: worst, percent10: worst, median: 1, reached },
    caught: [],
    nearest: { ...(compared === undefined ? {} : { compared }), replay: "toy/bounded@1:7" },
  }
}

const loose: Compared = { relation: "at most", actual: 2, bound: 6 }

describe("the path of margins", () => {
  it("goes down from left to right, on a logarithmic axis, and is told in words", () => {
    const { markup } = MarginPath.render(held(loose, [1, 0.9, 0.9, 0.8, 2 / 3]))
    assert.include(
      markup,
      "worst margin against draws: 1 after 1, 0.9 after 2, 0.9 after 5, 0.8 after 10, 0.667 after 20",
    )
    const [, path] = /<path d="(M5 5H[^"]+)"/.exec(markup)!
    const points = [...path!.matchAll(/H([\d.]+)V([\d.]+)/g)].map(([, x, y]) => [x, y].map(Number))
    assert.deepStrictEqual(points, [
      [33.2, 6.8],
      [70.5, 6.8],
      [98.8, 8.6],
      [127, 11],
    ])
  })

  it("says that an inequality is loose, and by what factor", () => {
    const words = (compared: Compared) => MarginPath.looseness(held(compared, [1, 1, 1, 1, 0.5]))
    assert.strictEqual(words(loose), "loose: its bound is 3 times the largest value found")
    assert.strictEqual(
      words({ relation: "at least", actual: 6, bound: 4 }),
      "loose: the least value found is 1.5 times its bound",
    )
    assert.strictEqual(words({ ...loose, actual: 0 }), "loose: 0 is within its bound 6")
    assert.include(
      MarginPath.render(held(loose, [1, 1, 1, 1, 0.5])).markup,
      "loose: its bound is 3 times the largest value found",
    )
  })

  it("calls nothing loose that came near its bound", () => {
    const { markup } = MarginPath.render(held({ ...loose, actual: 5.7 }, [1, 1, 1, 1, 0.05]))
    assert.include(markup, "<svg")
    assert.notInclude(markup, "loose")
  })

  it("is none of equalities, of statements without a bound, and of results of before", () => {
    const one = [1, 1, 1, 1, 0.5]
    const { margins, ...rest } = held(loose, one)
    const { reached: _, ...before } = margins
    const without = [
      held({ relation: "equal", actual: 1, bound: 1, tolerance: 0.1 }, one),
      held(undefined, one),
      { ...rest, margins: before },
      { ...held(loose, [0.5]), runs: 1 },
    ]
    for (const each of without) assert.strictEqual(MarginPath.render(each).markup, "")
  })
})
