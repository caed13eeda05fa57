import { assert, describe, it } from "@effect/vitest"
import type { Entry } from "../../src/Parts.ts"
import { search } from "../../src/search/Search.ts"
import { isOneTypo, stemOf, wordsOf } from "../../src/search/Spelling.ts"

const entry = (address: string, text: string, more: Partial<Entry> = {}): Entry => ({
  address,
  kind: "claim",
  system: address.slice(0, address.indexOf("/")),
  title: address.slice(address.indexOf("/") + 1).replaceAll("-", " "),
  text,
  part: "toy",
  basis: "as printed",
  verdict: "held",
  ...more,
})

const entries = [
  entry("toy/order", "Addition does not mind the order."),
  entry("toy/nine", "A digit is at most nine, in any order."),
  entry("other/eight", "A digit is at most eight.", { verdict: "refuted" }),
]

const addresses = (all: ReadonlyArray<Entry>, words: string) =>
  search(all, words).found.map(({ address }) => address)

describe("a search", () => {
  it("is the nearer the more words it finds, and those in a title first", () => {
    assert.deepStrictEqual(addresses(entries, " ORDER "), ["toy/order", "toy/nine"])
    assert.strictEqual(addresses(entries, "digit order")[0], "toy/nine")
    assert.deepStrictEqual(addresses(entries, "zero"), [])
    const named = [entry("toy/nines", "All of them."), ...entries]
    assert.strictEqual(addresses(named, "nine")[0], "toy/nine")
    assert.lengthOf(search(entries, "  ").found, 3)
    assert.lengthOf(search(entries, "why").found, 0)
  })

  it("finds by the letters of the page, by a question, by a verdict and by the source", () => {
    const stable = entry("toy/stable", "SAM is beta-smooth, and diverges if eta > 2.", {
      source: "Dai 2023, Theorem 1",
    })
    for (const words of [
      "β-smooth",
      "η",
      "why does SAM diverge?",
      "divergence",
      "Dai",
      "theorem 1",
    ]) {
      assert.strictEqual(addresses([stable, ...entries], words)[0], "toy/stable", words)
    }
    assert.strictEqual(addresses([stable, ...entries], "refuted claim")[0], "other/eight")
  })

  it("knows both spellings, abbreviations and hyphens", () => {
    const all = [
      entry("a/normalisation", "Behaviour with labelled data and batch normalisation."),
      entry("a/tangent-kernel", "The tangent kernel of a network."),
      entry("a/hyper", "A hyper-parameter is tuned."),
      ...entries,
    ]
    for (const words of ["normalization", "behavior", "labeled", "BN"]) {
      assert.strictEqual(addresses(all, words)[0], "a/normalisation", words)
    }
    for (const words of ["NTK", "neural tangent kernel"]) {
      assert.strictEqual(addresses(all, words)[0], "a/tangent-kernel", words)
    }
    assert.strictEqual(addresses(all, "hyperparameter")[0], "a/hyper")
  })

  it("mends one typing error and says what was meant", () => {
    const all = [entry("a/catapults", "Catapults of the loss."), ...entries]
    const { found, meant } = search(all, "catapluts")
    assert.strictEqual(found[0]!.address, "a/catapults")
    assert.strictEqual(meant, "catapults")
    assert.isUndefined(search(all, "catapults").meant)
  })
})

describe("a word", () => {
  it("is one with its other spellings and endings", () => {
    const one = (word: string) => wordsOf(word).map(stemOf).join(" ")
    for (const [a, b] of [
      ["generalisation", "generalize"],
      ["neighbours", "neighbor"],
      ["centre", "center"],
      ["modelling", "modeling"],
      ["flatness", "flat"],
    ] as const) {
      assert.strictEqual(one(a), one(b))
    }
    assert.notStrictEqual(one("four"), one("for"))
  })

  it("has a typing error where one letter is wrong, too many, missing or swapped", () => {
    for (const wrong of ["lemna", "lemmaa", "lema", "lmema"]) {
      assert.isTrue(isOneTypo(wrong, "lemma"), wrong)
    }
    assert.isFalse(isOneTypo("llamm", "lemma"))
  })
})
