import { assert, describe, it } from "@effect/vitest"
import type { Entry } from "../../src/Parts.ts"
import * as Found from "../../src/page/Found.ts"

const entry = (address: string, text: string, basis: string, verdict = "held"): Entry => ({
  address,
  kind: "claim",
  system: address.slice(0, address.indexOf("/")),
  title: address.slice(address.indexOf("/") + 1),
  text,
  part: "toy",
  basis,
  verdict,
})

const entries = [
  entry("toy/order", "Addition does not mind the order.", "derived here"),
  entry("toy/nine", "A digit is at most nine, in any order.", "as printed"),
  entry("other/eight", "A digit is at most eight.", "as printed", "refuted"),
]

const addresses = (found: ReadonlyArray<Entry>) => found.map(({ address }) => address)

describe("what is found by words", () => {
  it("has all of them, wherever they stand, and is the nearer the more stand in its title", () => {
    assert.deepStrictEqual(addresses(Found.withWords(entries, " ORDER ")), [
      "toy/order",
      "toy/nine",
    ])
    assert.deepStrictEqual(addresses(Found.withWords(entries, "digit order")), ["toy/nine"])
    assert.deepStrictEqual(addresses(Found.withWords(entries, "digit zero")), [])
    const named = [entry("toy/nines", "All of them.", "as printed"), ...entries]
    assert.strictEqual(addresses(Found.withWords(named, "nine"))[0], "toy/nine")
    assert.lengthOf(Found.withWords(entries, "  "), 3)
  })

  it("is found by the letters that the page shows, by a question, by what it is and by where it stands", () => {
    const stable = entry("toy/stable", "SAM is beta-smooth, and diverges if eta > 2.", "as printed")
    const all = [{ ...stable, source: "Dai 2023, Theorem 1" }, ...entries]
    for (const words of [
      "β-smooth",
      "η",
      "why does SAM diverge?",
      "divergence",
      "Dai",
      "theorem 1",
    ]) {
      assert.deepStrictEqual(addresses(Found.withWords(all, words)), ["toy/stable"], words)
    }
    assert.deepStrictEqual(addresses(Found.withWords(all, "refuted claim")), ["other/eight"])
    assert.lengthOf(Found.withWords(all, "why"), 0)
  })
})

describe("what is wanted", () => {
  it("is counted as if all other wishes stayed", () => {
    const want = { basis: "as printed", verdict: "refuted" }
    assert.deepStrictEqual(addresses(Found.wanted(entries, want)), ["other/eight"])
    assert.deepStrictEqual(Found.counts(entries, want, "verdict"), [
      ["held", 1],
      ["refuted", 1],
    ])
    assert.deepStrictEqual(Found.counts(entries, {}, "basis"), [
      ["as printed", 2],
      ["derived here", 1],
    ])
    assert.deepStrictEqual(Found.counts(entries, {}, "class"), [])
    // a wish that nothing fits is not out of sight
    assert.deepStrictEqual(Found.counts(entries, { verdict: "falsified" }, "verdict").at(-1), [
      "falsified",
      0,
    ])
  })
})
