import { assert, describe, it } from "@effect/vitest"
import { Expectation, type ExperimentResult } from "@nonconvex/evidence"
import * as ExperimentSection from "../../src/evidence/report/ExperimentSection.ts"
import * as Summary from "../../src/evidence/report/Summary.ts"

const expectation = (index: number, holds: boolean) => ({
  statement: `statement ${index}`,
  holds,
  observed: "1",
  expected: "2",
})

const markup = (
  expectations: ExperimentResult["expectations"],
  more: Partial<ExperimentResult> = {},
): string =>
  ExperimentSection.render(
    {
      id: "toy/dice",
      title: "Dice",
      question: "Why?",
      source: { paper: "Nobody 2000", statement: "Theorem 1", basis: "derived here" },
      seed: 1,
      config: {},
      rows: Array.from({ length: 300 }, (_, i) => ({ roll: i })),
      figures: [],
      expectations,
      seconds: 1,
      ...more,
    },
    "fast",
  ).markup

const folded = /<details class="controls">.*?<\/details>/s

describe("ExperimentSection.render", () => {
  it("folds many expectations that hold, and never one that fails", () => {
    const page = markup(Array.from({ length: 20 }, (_, i) => expectation(i, i !== 7)))
    const hidden = folded.exec(page)![0]
    assert.include(hidden, "19 of 20 expectations hold")
    assert.include(hidden, "statement 6")
    assert.notInclude(hidden, "statement 7")
    assert.include(page, "statement 7")
  })

  it("shows a few expectations in the open", () => {
    const page = markup([expectation(1, true), expectation(2, false)])
    assert.notMatch(page, folded)
    assert.include(page, "statement 1")
  })

  it("folds regressions apart from evidence, and never one that fails", () => {
    const regressions = [expectation(2, true), expectation(3, false)].map((each) => ({
      ...each,
      kind: Expectation.regression,
    }))
    const page = markup([expectation(1, true), ...regressions])
    const hidden = folded.exec(page)![0]
    assert.include(hidden, "1 of 2 regression checks hold")
    assert.include(hidden, "statement 2")
    assert.notInclude(hidden, "statement 1")
    assert.notInclude(hidden, "statement 3")
    assert.include(page, "statement 3")
    assert.deepStrictEqual(
      Summary.expectationsInWords(Summary.ofExpectations([expectation(1, true), ...regressions])),
      [
        "1 of 1 expectations of experiments hold, 0 controls detected",
        "1 of 2 regression checks hold (they compare with earlier results, so they are not evidence)",
      ],
    )
  })

  it("shows what a control was caught by, and an expectation that it does not fail", () => {
    const judge = (statement: string, control: number) =>
      Expectation.atMost(statement, 1, 2, { control: "no noise", observed: control })
    const checked = Expectation.atMost("it ends", 1, 2, Expectation.uncontrolled("all runs end"))
    const all = [judge("it falls", 3), judge("it stays", 1), checked]
    const cells = [...markup(all).matchAll(/<td>\s*([^<]*?)\s*<\/td>\s*<\/tr>/g)].map(
      ([, cell]) => cell,
    )
    assert.deepStrictEqual(cells, [
      "detected: no noise (3)",
      "not detected: no noise (1)",
      "no control: all runs end",
    ])
    assert.match(markup(all), /badge bad">toothless</)
    const counted = Summary.ofExpectations(all)
    assert.deepStrictEqual([counted.expected, counted.expectations, counted.controls], [2, 3, 1])
  })

  it("says what the experiment is of, and how far from the paper's own scale", () => {
    const config = {
      dimension: 40,
      strengths: [1, 2, 3, 4, 5, 6, 7],
      settings: [
        { depth: 2, size: 10 },
        { depth: 3, size: 10 },
      ],
      seeds: 3,
    }
    const data = [{ name: "digits", digest: "abc123" }]
    const page = markup([], { config, data, paperScale: "The paper has dimension 100." })
    assert.include(
      page,
      "dimension 40; strengths 1, 2 to 7 (7); 2 settings (depth 2 to 3, size 10); seeds 3; 300 rows",
    )
    assert.include(page, "digits, sha256 abc123")
    assert.include(page, "root seed 1, 3 seeds below it")
    assert.match(page, /<dt>preset<\/dt>\s*<dd>fast<\/dd>/)
    assert.include(page, "The paper has dimension 100.")
    const bare = markup([])
    assert.include(bare, "no external data")
    assert.include(bare, "unknown")
  })

  it("leaves places for its figures and for its rows", () => {
    const page = markup([], {
      figures: [{ id: "mean", title: "Mean", caption: "It falls.", spec: {} }],
    })
    assert.include(page, '<div data-figure="mean"></div>')
    assert.include(page, "<div data-rows></div>")
  })
})
