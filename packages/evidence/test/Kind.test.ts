import { assert, describe, it } from "vitest"
import { Kind, statementsOf } from "../src/index.ts"

const { corrected, derived, printed, recalled } = statementsOf("Nobody 2000")

describe("Kind", () => {
  it("is a theorem of the paper, and a lemma where it is derived here, unless the source says otherwise", () => {
    assert.deepStrictEqual(
      [printed("1"), corrected("2"), recalled("3"), derived("4")].map(Kind.of),
      ["theorem", "theorem", "theorem", "lemma"],
    )
    assert.strictEqual(Kind.of(Kind.identity(recalled("definition"))), "identity")
    assert.strictEqual(Kind.of(Kind.observation(recalled("figure"))), "observation")
  })

  it("counts theorems by their basis, and all others apart from them", () => {
    const sources = [
      printed("1"),
      recalled("3"),
      recalled("4"),
      derived("5"),
      Kind.identity(printed("definition")),
      Kind.identity(derived("symmetry")),
      Kind.observation(recalled("figure")),
    ]
    assert.strictEqual(
      Kind.counted(sources),
      "3 theorems (1 printed, 2 recalled), 1 lemma of ours, 2 identities, 1 observation",
    )
    assert.strictEqual(Kind.counted([]), "none")
  })
})
