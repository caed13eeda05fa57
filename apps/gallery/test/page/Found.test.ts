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
