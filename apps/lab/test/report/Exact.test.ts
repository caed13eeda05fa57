/** What exact values say of verdicts, in words and on the page. */
import { assert, describe, it } from "@effect/vitest"
import { Exact } from "@nonconvex/evidence"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import * as Errata from "../../src/evidence/report/Errata.ts"
import * as ExactValues from "../../src/evidence/ExactValues.ts"
import * as Verdicts from "../../src/evidence/Verdicts.ts"

type Refuted = Extract<Verdict.Verdict, { readonly _tag: "Refuted" }>

const nine = (statement: number) =>
  Exact.counterexample<"digit", number>({
    instance: { digit: "9" },
    printed: 8,
    work: ({ digit }, most) => ({
      steps: ["9 < 8 + 1 + x"],
      compared: Exact.atMost(digit, Exact.of(most)),
    }),
    controls: [["another bound", { statement }]],
  })()

const refuted = (exact?: Refuted["exact"]): Refuted => ({
  _tag: "Refuted",
  id: "toy/at-most-eight",
  statement: "A digit is at most eight.",
  source: { paper: "Nobody 2000", statement: "Lemma 8", basis: "as printed" },
  class: "constant",
  read: { as: "printed", place: "page 8" },
  corrected: "toy/at-most-nine",
  explanation: "Nine is a digit.",
  ...(exact === undefined ? {} : { exact }),
  counterexample: { instance: { digit: 9 }, margin: -1, shrinks: 0, replay: "toy/x@1:0" },
})

const page = (verdict: Refuted) =>
  Errata.read([verdict])
    .map(({ markup }) => markup)
    .join("")

const plain = (text: string) => text

const paint = { good: plain, bad: plain, dim: plain }

describe("exact verdicts", () => {
  it("show the calculation, and what it spares", () => {
    const verdict = refuted(nine(9))
    const text = Verdicts.render(paint)(verdict)
    assert.include(text, "exactly, by fractions: 9 is above its bound 8, by 1")
    const drawn = page(verdict)
    assert.include(drawn, "<td>exactly</td>")
    assert.include(drawn, "<code>9 &lt; 8 + 1 + x</code>")
    assert.include(drawn, "The same calculation does not refute: another bound.")
    assert.strictEqual(Verdicts.summary([verdict]), "1 statement: 1 refuted (1 exactly)")
  })

  it("say why a statement is refuted in floating point only", () => {
    const because = "Its limit is not known."
    const missing = refuted({ inFloatingPoint: because })
    assert.deepStrictEqual(ExactValues.ofErratum(missing.exact), [
      `in floating point only: ${because}`,
    ])
    assert.include(page(missing), `Refuted in floating point: ${because}`)
    assert.include(page(missing), "<td>in floating point</td>")
    const before = refuted()
    assert.deepStrictEqual(ExactValues.ofErratum(before.exact), ["in floating point"])
    assert.notInclude(page(before), "<ol")
    assert.strictEqual(Verdicts.summary([missing, before]), "2 statements: 2 refuted")
  })

  it("are none where the calculation refutes what it must not", () => {
    const [line] = ExactValues.ofErratum(nine(7))
    assert.match(
      line!,
      /^in floating point only; a control that must not be refuted is refuted too/,
    )
    assert.include(page(refuted(nine(7))), "<td>in floating point</td>")
  })

  it("of violations stand beside their margins", () => {
    const exact = Exact.confirm(Exact.atMost(Exact.of("0.3"), Exact.of("0.3")))
    assert.deepStrictEqual(ExactValues.ofViolation({ exact }), [
      "in floating point only; in exact arithmetic it holds, by fractions: 0.3 is within its bound 0.3",
    ])
    assert.deepStrictEqual(ExactValues.ofViolation({}), [])
  })
})
