/** Errata on the page: what was read is counted, and what nobody read stands apart. */
import { assert, describe, it } from "@effect/vitest"
import type { SystemReport } from "@nonconvex/evidence"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { Schema } from "effect"
import * as Page from "../../src/evidence/report/Page.ts"
import * as Results from "../../src/evidence/report/Results.ts"
import * as Summary from "../../src/evidence/report/Summary.ts"
import * as Verdicts from "../../src/evidence/Verdicts.ts"
import * as Provenance from "../support/Provenance.ts"
import * as Unpacked from "../support/Unpacked.ts"

const refuted = (
  id: string,
  basis: Verdict.OnErratum["source"]["basis"],
  known: Pick<Verdict.OnErratum, "class" | "read"> = {},
): Verdict.Verdict => ({
  _tag: "Refuted",
  id: `toy/${id}`,
  statement: "A digit is at most eight.",
  source: { paper: "Nobody 2000", statement: "Lemma 8", basis },
  ...known,
  corrected: "toy/at-most-nine",
  explanation: "Nine is a digit.",
  counterexample: { instance: { digit: 9 }, margin: -1, shrinks: 0, replay: "toy/x@1:0" },
})

const printed = refuted("printed", "as printed", {
  class: "gap in a proof",
  read: { as: "printed", place: "page 8, equation (3)" },
})
const recalled = refuted("recalled", "as recalled", {
  class: "theorem false",
  read: { as: "recalled" },
})
/** As a results file of before has them. */
const before = [refuted("older", "as printed"), refuted("older-recalled", "as recalled")]

const resultsOf = (verdicts: SystemReport["verdicts"]): Results.Results => ({
  format: 1,
  provenance: Provenance.ofResults,
  systems: [
    {
      id: "toy",
      title: "Digits",
      paper: { title: "On digits", authors: "A. Nobody", venue: "None", year: 2000, arxiv: "0" },
      verdicts,
      experiments: [],
    },
  ],
  failures: [],
})

describe("errata in a report", () => {
  it("are counted where they were read, in new results and in old ones", () => {
    const counts = Summary.counts(resultsOf([printed, recalled, ...before]))
    assert.deepStrictEqual([counts.errata, counts.refuted, counts.unread], [2, 2, 2])
    assert.strictEqual(
      Verdicts.summary([printed, recalled, ...before]),
      "4 statements: 2 refuted, 2 refuted if the paper says so",
    )
  })

  it("say what falls and where it was read, and stand apart where nobody read them", () => {
    const inside = Unpacked.markup(Page.render(resultsOf([printed, recalled])))
    const [, listed = ""] = inside["toy"]!.split("<h2>Errata</h2>")
    const [counted, apart] = listed.split("<h2>If the paper says so</h2>")
    assert.include(counted, "gap in a proof")
    assert.include(counted, "read as printed: page 8, equation (3)")
    assert.notInclude(counted, "toy/recalled")
    assert.include(apart, "toy/recalled")
    assert.include(apart, "theorem false · recalled, not read")
    assert.include(apart, "no claim was checked")
    assert.include(apart, "1 of 1 statement read in print refuted by a counterexample")
  })

  it("of older results are drawn", () => {
    const text = JSON.stringify(resultsOf(before))
    const read = Schema.decodeUnknownSync(Schema.toCodecJson(Results.Results))(JSON.parse(text))
    const inside = Unpacked.markup(Page.render(read))
    assert.include(inside["toy"], "not stated")
    assert.include(inside["toy/older-recalled"], `data-statement="toy/older-recalled"`)
  })
})
