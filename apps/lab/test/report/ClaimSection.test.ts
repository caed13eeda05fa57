/** What the page says of how tight a claim's bound is, and what it is given to draw. */
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { assert, describe, it } from "vitest"
import * as ClaimSection from "../../src/evidence/report/ClaimSection.ts"

type Held = typeof Verdict.Held.Type
type Compared = NonNullable<Verdict.Nearest["compared"]>

const held = (compared: Compared | undefined, worst: number): Held => ({
  _tag: "Held",
  id: "toy/bounded",
  statement: "It is bounded.",
  source: { paper: "none", statement: "none", basis: "derived here" },
  runs: 20,
  margins: { worst, percent1: worst, percent10: worst, median: 1 },
  caught: [
    {
      control: "twice the value",
      runs: 3,
      counterexample: {
        instance: { x: 2 },
        margin: -0.5,
        compared: { relation: "at most", actual: 9, bound: 6 },
        shrinks: 0,
        replay: "toy/bounded+twice-the-value@1:0",
      },
    },
  ],
  nearest: { ...(compared === undefined ? {} : { compared }), replay: "toy/bounded@1:7" },
})

const loose: Compared = { relation: "at most", actual: 2, bound: 6 }

describe("the page of a claim", () => {
  it("says that an inequality is loose, and by what factor, or that it is tight", () => {
    const words = (compared: Compared, worst = 0.5) => ClaimSection.looseness(held(compared, worst))
    assert.strictEqual(words(loose), "Loose: its bound is 3 times the largest value found.")
    assert.strictEqual(
      words({ relation: "at least", actual: 6, bound: 4 }),
      "Loose: the smallest value found is 1.5 times its bound.",
    )
    assert.strictEqual(words({ ...loose, actual: 0 }), "Loose: 0 is within its bound 6.")
    assert.strictEqual(
      words({ ...loose, actual: 5.7 }, 0.05),
      "Tight: within a tenth of the bound.",
    )
  })

  it("says how far the claim was tried: runs, way, sizes and horizons, and the trend of larger ones", () => {
    const sizes = [1, 2, 4, 8].map((factor) => ({
      factor,
      extent: { dimension: 12, steps: 400 * factor },
      worst: 0.5,
    }))
    const { markup } = ClaimSection.render({
      ...held(loose, 0.5),
      tried: { way: "steered", extent: { dimension: 12, steps: 400 } },
      horizons: [{ axis: "horizon", sizes, trend: { _tag: "Flat", p: 1 } }],
    })
    assert.include(markup, "20 instances drawn; steered, dimension up to 12, steps up to 400; ")
    assert.include(markup, "held up to dimension 12, steps 3200, trend flat (p 1.00)")
  })

  it("says neither of equalities, and of statements without a bound", () => {
    const equal = { relation: "equal", actual: 1, bound: 1, tolerance: 0.1 } as const
    assert.strictEqual(ClaimSection.looseness(held(equal, 0.5)), "")
    assert.strictEqual(ClaimSection.looseness(held(undefined, 0.5)), "")
  })

  it("has for each control what it came to, and where it is replayed", () => {
    const { markup } = ClaimSection.render(held(loose, 0.5))
    assert.include(markup, "<strong>twice the value</strong>, detected in 3 runs")
    assert.include(markup, "9 is above its bound 6, margin")
    assert.include(markup, 'href="#replay/toy/bounded+twice-the-value@1:0"')
    assert.include(markup, "data-measured")
    assert.include(ClaimSection.measuredOf(held(loose, 0.5)), { runs: 20 })
  })
})
