import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { markupOf } from "../src/prose/Prose.ts"

/** Visible text of the markup, with plain signs for what MathML draws. */
const seen = (markup: string): string =>
  markup
    .replaceAll("<math>", "⟪")
    .replaceAll("</math>", "⟫")
    .replaceAll("<mfrac>", "frac(")
    .replaceAll("<msqrt>", "root(")
    .replaceAll("<msub>", "sub(")
    .replaceAll("<msup>", "sup(")
    .replaceAll("<msubsup>", "subsup(")
    .replaceAll(/<\/(?:mfrac|msqrt|msub|msup|msubsup)>/g, ")")
    .replaceAll("<wbr>", "|")
    .replaceAll(/&#82(?:89|90);/g, "")
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#39;", "'")

const table: ReadonlyArray<readonly [prose: string, drawn: string]> = [
  // what multiplies and divides
  ["a rate of eta rho / (2 n) here", "a rate of ⟪frac(ηρ2n)⟫ here"],
  ["0 < eta <= 1/beta", "⟪0<η≤1/β⟫"],
  ["is |w|^2 / 2.", "is ⟪frac(sup(|w|2)2)⟫."],
  ["x^2 / 8T", "⟪frac(sup(x2)8T)⟫"],
  ["sum_i c / (2 - r_i)", "⟪sub(∑i)frac(c2−sub(ri))⟫"],
  ["n / tr K", "⟪frac(ntrK)⟫"],
  ["1 / sqrt(mu)", "⟪frac(1root(μ))⟫"],
  ["an 8 x 8 matrix", "an ⟪8×8⟫ matrix"],
  // what stands above and below
  ["L(w_t) - L*", "⟪L(sub(wt))−sup(L*)⟫"],
  ["|M_k - M|_F^2", "⟪subsup(|sub(Mk)−M|F2)⟫"],
  ["P_(j-1)' and W^*", "⟪subsup(Pj−1′)⟫ and ⟪sup(W*)⟫"],
  ["lambda_max(K) at 1e-8", "⟪sub(λmax)(K)⟫ at ⟪sup(10−8)⟫"],
  ["2^-53 D", "⟪sup(2−53)D⟫"],
  ["x0² + 1", "⟪sup(sub(x0)2)+1⟫"],
  ["M-hat_k", "⟪sub(M^k)⟫"],
  // brackets of all kinds
  ["<grad L(w_a), g> >= 0", "⟪⟨∇L(sub(wa)),g⟩≥0⟫"],
  ["||x| - 1|", "⟪||x|−1|⟫"],
  ["to (x, t) -> (c x, t)", "to ⟪(x,t)→(cx,t)⟫"],
  // what is prose
  ["A step of an alpha-strongly convex loss", "A step of an ⟪α⟫-strongly convex loss"],
  ["a two-layer network of 512, in 9 of 10 runs", "a two-layer network of 512, in 9 of 10 runs"],
  ["SAM's step, and w's", "SAM's step, and ⟪w⟫'s"],
  ["the sum of all, at most the gap (e.g. 2)", "the sum of all, at most the gap (e.g. 2)"],
  ["Lemma C.5 of 2026-11-27", "Lemma C.5 of 2026-11-27"],
  ["the rank-k matrix", "the rank-⟪k⟫ matrix"],
  ["2 (smoothness of it)", "2 (smoothness of it)"],
  ["a share s of it", "a share ⟪s⟫ of it"],
  ["the constructor of toString x", "the constructor of toString ⟪x⟫"],
]

describe("prose with formulas", () => {
  for (const [prose, drawn] of table) {
    it(`typesets: ${prose}`, () => {
      assert.strictEqual(seen(markupOf(prose)), drawn)
    })
  }

  it("may break a long formula between its terms, and no short one", () => {
    const long = markupOf("|w_t - w*| <= q^t |w_0 - w*| + eta beta rho (1 - q^t) / (1 - q)")
    assert.lengthOf(long.match(/<wbr>/g) ?? [], 2)
    assert.notInclude(markupOf("eta < 2 / beta"), "<wbr>")
  })

  it("marks code, in which nothing is a formula, and what is to be seen first", () => {
    assert.strictEqual(markupOf("`x^2 < 1` & more"), "<code>x^2 &lt; 1</code> &amp; more")
    assert.strictEqual(markupOf("**no better**"), "<strong>no better</strong>")
  })

  it("makes no element of any text by the signs in it, and ends", () => {
    const known = /<\/?(?:math|m[a-z]+|code|strong|wbr)(?: [a-z]+="[a-z0-9.]+")*\/?>/g
    const letter = fc.constantFrom(
      ..."<>&\"'|()[]{}_^*/+-=.,x1 a`".split(""),
      "eta",
      "sqrt",
      "sum",
      "<img",
    )
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 40 }), (letters) => {
        assert.notMatch(markupOf(letters.join("")).replaceAll(known, ""), /[<>"']/)
      }),
      { numRuns: 2000 },
    )
  })

  it("ends on brackets without an end", () => {
    assert.include(markupOf("(".repeat(300)), "(")
    assert.include(markupOf("|x ".repeat(60)), "x")
    assert.include(markupOf("f(".repeat(60)), "f")
    assert.include(markupOf("|x + ".repeat(60)), "x")
  })
})
