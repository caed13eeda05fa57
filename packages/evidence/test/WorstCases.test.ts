import { assert, describe, it } from "@effect/vitest"
import { type WorstCaseBound, worstCaseTable } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"

const bounds: ReadonlyArray<WorstCaseBound> = [
  { name: "of all steps", bound: (steps) => 1 / steps },
  { name: "of some", bound: () => 1, least: 2, most: 3 },
]

const table = worstCaseTable(bounds)

describe("worst cases", () => {
  it("have a case for each number of steps that a bound is for", () => {
    assert.deepStrictEqual(
      table.cases({ steps: 4, proved: 1 }).map(({ bound, steps }) => [bound, steps]),
      [
        ...[1, 2, 3, 4].map((steps) => ["of all steps", steps]),
        ...[2, 3].map((steps) => ["of some", steps]),
      ],
    )
  })

  it("are compared with the bounds that are named", () => {
    const rows = table.cases({ steps: 3, proved: 1 }).map(({ bound, steps }) => ({
      bound,
      steps,
      worst: 1 / steps,
      ratio: bound === "of some" ? 2 ** steps : 1,
    }))
    const ratios = table.ratiosIn(rows)
    assert.deepStrictEqual(ratios("of some"), [4, 8])
    assert.deepStrictEqual(table.growth([1, ...ratios("of some")]), [4, 2])
    const captions = { ratio: "At 1 a bound is tight.", worst: "Gaps." }
    for (const figure of table.figures(["of some"], captions)) {
      assert.deepStrictEqual(Figure.problems(figure, rows), [])
      const drawn = Figure.views(figure.spec, rows).flatMap((view) => view.rows)
      assert.deepStrictEqual([...new Set(drawn.map((row) => row["bound"]))], ["of some"])
    }
  })
})
