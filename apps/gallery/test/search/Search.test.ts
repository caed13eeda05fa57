import { assert, describe, it } from "@effect/vitest"
import type { Entry } from "../../src/Parts.ts"
import { search } from "../../src/search/Search.ts"
import { isMistyped, joinedOf, stemOf, wordsOf } from "../../src/search/Spelling.ts"

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

  it("takes the longest name that has synonyms", () => {
    const all = [
      entry("a/gd", "Gradient descent."),
      entry("a/descent-ascent", "A simultaneous step of GDA."),
      entry("a/stochastic", "SGDA with samples."),
      ...entries,
    ]
    assert.strictEqual(addresses(all, "gradient descent ascent")[0], "a/descent-ascent")
    assert.strictEqual(addresses(all, "stochastic gradient descent-ascent")[0], "a/stochastic")
  })

  it("finds by other names of an entry as by its title", () => {
    const all = [
      entry("a/interval", "The range of plausible values.", { names: ["confidence interval"] }),
      entry("a/explained", "A fraction with its confidence interval.", { title: "explained" }),
      entry("a/paper", "Does it hold?", { kind: "system", names: ["Yan Dai, Suvrit Sra"] }),
      entry("a/theorem", "Yes.", { title: "Theorem 1 of Dai, Sra 2023" }),
    ]
    assert.strictEqual(addresses(all, "confidence intervals")[0], "a/interval")
    assert.strictEqual(addresses(all, "Suvrit")[0], "a/paper")
  })

  it("splits and joins words as the entries do", () => {
    const all = [
      entry("a/extragradient", "A step of extragradient."),
      entry("a/step-size", "The step size of descent."),
      ...entries,
    ]
    assert.strictEqual(addresses(all, "extra gradient")[0], "a/extragradient")
    assert.strictEqual(addresses(all, "stepsize")[0], "a/step-size")
  })

  it("adds less close hits where few are close, but none that shares no word", () => {
    const all = [entry("a/momentum-limit", "Descent with momentum."), ...entries]
    assert.deepStrictEqual(addresses(all, "nine momentum limit"), ["a/momentum-limit", "toy/nine"])
  })

  it("mends two typing errors of a long word", () => {
    const all = [entry("a/hutchinson", "Hutchinson's estimator."), ...entries]
    assert.strictEqual(search(all, "Hutchisnson").meant, "hutchinson")
    assert.lengthOf(search(all, "hatchibsan").found, 0)
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

  it("is one in the singular and in the plural of Latin words", () => {
    assert.deepStrictEqual(wordsOf("minima spectra matrices"), ["minimum", "spectrum", "matrix"])
    assert.strictEqual(stemOf("stability"), stemOf("stable"))
  })

  it("is several with hyphens, and one without them", () => {
    assert.deepStrictEqual(wordsOf("Polyak-Łojasiewicz, B.3."), ["polyak", "lojasiewicz", "b.3"])
    assert.deepStrictEqual(joinedOf("a step-size and low-rank"), ["stepsize", "lowrank"])
  })

  it("has a typing error where one letter is wrong, too many, missing or swapped", () => {
    for (const wrong of ["lemna", "lemmaa", "lema", "lmema"]) {
      assert.isTrue(isMistyped(wrong, "lemma"), wrong)
    }
    assert.isFalse(isMistyped("llamm", "lemma"))
    assert.isFalse(isMistyped("lema", "lemmas"))
    assert.isTrue(isMistyped("lema", "lemmas", 2))
  })
})
