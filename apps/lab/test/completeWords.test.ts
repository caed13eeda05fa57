/** What `complete` says in words. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as CompleteReport from "../src/data/complete/CompleteReport.ts"
import { nonconvex } from "./support/InProcess.ts"

type Report = CompleteReport.CompleteReport

const model = {
  kind: "low rank",
  rank: 3,
  penalty: 0.5,
  weighting: 0,
  ridge: [1.66, 1.14],
} as const
const heldOut = { error: 0.5, standardError: 0.01 }

/** A report of a model and of the certificate of its fit. */
const reportOf = (
  weighting: Report["model"]["weighting"],
  status: Report["certificate"]["status"],
): Report => ({
  read: { form: "matrix", header: true, rowNames: true },
  rowNames: ["r"],
  columnNames: ["c", "d"],
  observed: 1,
  observations: { rows: [1], columns: [1, 0] },
  asked: [],
  model: { ...model, weighting },
  mean: 2,
  rank: 3,
  singularValues: [3, 2, 1],
  traceNorm: 6,
  certificate: { status, relativeGap: 0.742 },
  heldOut: { ...heldOut, compared: [], folds: 2, of: 10, candidates: 4, ended: false },
  perhapsCounts: false,
  next: "nothing",
  kernels: "strict",
})

describe("complete says", () => {
  it("that a rank is held, and that this is no fault", () => {
    const text = CompleteReport.render(reportOf(0, "limited"))
    assert.match(
      text,
      /^certificate {2}limited: to 3 patterns; more patterns could lower .* by at most 74\.2 %$/m,
    )
    assert.match(text, /^ {13}this is normal: the held-out error shows .* are predicted$/m)
    assert.match(
      CompleteReport.render(reportOf(0, "budget")),
      /^certificate {2}budget: the fit ended early; .* by at most 74\.2 %$/m,
    )
  })

  it("how effects are shrunk and patterns held small", () => {
    const effects =
      "effects of rows and columns, shrunk as if each row had 1.66 and each column 1.14 extra entries at the mean"
    for (const [weighting, more] of [
      [0, ""],
      [0.5, ", weighted slightly more in rows and columns with more observations"],
      [1, ", weighted more in rows and columns with more observations"],
    ] as const) {
      const lines = CompleteReport.render(reportOf(weighting, "certified")).split("\n")
      assert.include(
        lines,
        `chosen       ${effects}; plus at most 3 patterns with a penalty${more}`,
      )
    }
  })

  it.live("its words again where they are asked for", () =>
    Effect.gen(function* () {
      for (const term of ["mean of all", "means of columns", "ridge", "shrunk", "pattern"]) {
        const { code, stdout } = yield* nonconvex([], ["explain", term])
        assert.strictEqual(code, 0)
        assert.include(stdout, "matrix-factorization", term)
      }
    }),
  )
})
