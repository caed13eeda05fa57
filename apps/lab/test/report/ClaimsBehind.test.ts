import type * as Verdict from "@nonconvex/evidence/Verdict"
import { assert, describe, it } from "@effect/vitest"
import * as ClaimsBehind from "../../src/evidence/report/ClaimsBehind.ts"

const from = (statement: string) => ({
  source: { paper: "Nobody 2000", statement, basis: "as recalled" as const },
})

const undecided = (name: string, statement: string): Verdict.Verdict => ({
  _tag: "Undecided",
  id: `toy/${name}`,
  statement: "It is bounded.",
  runs: 1,
  ...from(statement),
})

const all = [
  undecided("third", "Theorem 3, USAM"),
  undecided("fourth", "theorem 4."),
  undecided("thirty", "Theorem 30"),
  undecided("figure-three", "Figure 3"),
  undecided("letter", "Appendix H, equation (2)"),
  undecided("nowhere", "derived here"),
]

const idsBehind = (statement: string) =>
  ClaimsBehind.behind(from(statement), all).map(({ id }) => id)

describe("the claims behind an experiment", () => {
  it("are those from the places of the paper that it names", () => {
    assert.deepStrictEqual(idsBehind("Theorems 3 and 4 and the figures of l(xy)"), [
      "toy/third",
      "toy/fourth",
    ])
    assert.deepStrictEqual(idsBehind("after figure 3 (right)"), ["toy/figure-three"])
    assert.deepStrictEqual(idsBehind("Appendix H"), ["toy/letter"])
    assert.deepStrictEqual(idsBehind("the causal test, in a setting of ours"), [])
  })

  it("are linked from it, and beside them all that there are on the paper", () => {
    const { markup } = ClaimsBehind.render("toy", from("Theorem 3"), all)
    assert.include(markup, '<a href="#toy/third">third</a>')
    assert.include(markup, 'href="#claims?system=toy"')
    assert.include(markup, "and all 6 on this paper")
    assert.strictEqual(ClaimsBehind.render("toy", from("Theorem 3"), []).markup, "")
  })
})
