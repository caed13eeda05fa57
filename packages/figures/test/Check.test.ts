import type { Schema } from "effect"
import { assert, describe, it } from "vitest"
import * as Figure from "../src/index.ts"
import { labelsOf } from "../src/View.ts"

interface Row {
  readonly step: number
  readonly loss: number
  readonly method: string
  readonly diverged: boolean
}

const rowsOf = (method: string, losses: ReadonlyArray<number>): ReadonlyArray<Row> =>
  losses.map((loss, step) => ({ step, loss, method, diverged: loss > 1e6 }))

const rows = [...rowsOf("sam", [3, 2, 1]), ...rowsOf("usam", [3, 4, 1e9])]

const options = {
  id: "losses",
  title: "Losses",
  caption: "They fall, or not.",
  x: { field: "step", title: "step" },
  y: { field: "loss", title: "loss", scale: "log" },
  series: { field: "method", title: "method" },
} as const

const withCaption = (caption: string, more: object = {}) =>
  Figure.problems(Figure.lines<Row>({ ...options, ...more, caption }), rows)

describe("Figure.problems", () => {
  it("has nothing to say of a figure that shows its rows", () => {
    assert.deepStrictEqual(Figure.problems(Figure.lines<Row>(options), rows), [])
  })

  it.each([0, -1, Number.NaN, Infinity])("names the row and the column of %s", (loss) => {
    const bad = [...rows, ...rowsOf("gd", [1, loss])]
    const [problem, ...more] = Figure.problems(Figure.lines<Row>(options), bad)
    assert.match(problem!, /^row 8 has \S+ in loss, which a log axis cannot show: give the axis/)
    assert.deepStrictEqual(more, [])
  })

  it("takes zero on a linear axis, and what is left out or has a floor", () => {
    const bad = [...rows, ...rowsOf("gd", [1, 0])]
    const linear = { ...options, y: { field: "loss", title: "loss" } } as const
    assert.deepStrictEqual(Figure.problems(Figure.lines<Row>(linear), bad), [])
    const where = { method: ["sam", "usam"] }
    assert.deepStrictEqual(Figure.problems(Figure.lines<Row>({ ...options, where }), bad), [])
    const floored = { ...options, y: { ...options.y, floor: 1e-3 } }
    assert.deepStrictEqual(Figure.problems(Figure.lines<Row>(floored), bad), [])
  })

  it("looks at the ends of intervals", () => {
    const wide = rows.map((row) => ({ ...row, low: row.loss - 1, high: row.loss + 1 }))
    const { series: _, ...plain } = options
    const figure = Figure.points({
      ...plain,
      rows: wide,
      interval: { low: "low", high: "high" },
    })
    const [problem] = Figure.problems(figure)
    assert.match(problem!, /^row 3 has 0 in low/)
  })

  it("names a figure without rows, and a line that goes back and forth", () => {
    const none = Figure.lines<Row>({ ...options, where: { method: "gd" } })
    assert.deepStrictEqual(Figure.problems(none, rows), ["it draws no row"])
    assert.deepStrictEqual(
      Figure.problems(Figure.lines<Row>(options), [...rows, ...rowsOf("sam", [2])]),
      ["a line goes through two rows with the same step: sam"],
    )
  })

  it("holds a caption to what is drawn: labels, methods, marks", () => {
    assert.deepStrictEqual(withCaption('"sam" falls, and usam not.'), [])
    assert.deepStrictEqual(withCaption('"gd" falls.'), [
      'its caption names "gd", which is not drawn',
    ])
    assert.deepStrictEqual(withCaption("usam rises.", { where: { method: "sam" } }), [
      'its caption names "usam", which is not drawn',
    ])
    for (const word of ["diagonal", "slope", "panel", "a cross", "band", "dashed"]) {
      assert.deepStrictEqual(withCaption(`See the ${word}.`), [
        `its caption names "${word}", which is not drawn`,
      ])
    }
  })

  it("takes words for marks that are there", () => {
    const more = {
      references: [Figure.slope("slope 1", 1, [[1, 1]]), Figure.diagonal("equal", [1, 3])],
      events: [{ label: "diverges", where: { diverged: true } }],
      panel: { field: "method", title: "method" },
    }
    const caption =
      'The dashed "slope 1", the diagonal "equal", a cross where one "diverges", panels.'
    assert.deepStrictEqual(withCaption(caption, more), [])
  })
})

describe("references", () => {
  it("are straight on their axes and as long as what they stand beside", () => {
    const { points } = Figure.slope("cubes", 3, [
      [1, 2],
      [100, 2e6],
    ])
    assert.deepStrictEqual(
      points.map(({ x }) => x),
      [1, 100],
    )
    const [low, high] = points.map(({ y }) => y!)
    assert.closeTo(Math.log10(high! / low!), 6, 1e-12)
    assert.closeTo(low! * high!, 2 * 2e6, 1e-3)
    assert.deepStrictEqual(Figure.diagonal("equal", [3, 1, 2]).points, [
      { x: 1, y: 1 },
      { x: 3, y: 3 },
    ])
  })

  it("are layers of their own: lines, levels and uprights", () => {
    const references = [
      Figure.diagonal("equal", [1, 3]),
      Figure.level("promised", 2),
      Figure.upright("limit", 1),
    ]
    const drawn = Figure.views(Figure.lines<Row>({ ...options, references }).spec, rows)
    assert.deepStrictEqual(
      drawn.map(({ mark, style }) => [mark, style]),
      [
        ["line", undefined],
        ["line", "reference"],
        ["rule", "reference"],
        ["rule", "reference"],
      ],
    )
    assert.includeMembers(drawn.flatMap(labelsOf), ["equal", "promised", "limit"])
  })
})

/** Layers left by their marks, where the rows are known. */
const marksOf = (figure: Figure.Figure, all: ReadonlyArray<Row>) =>
  Figure.views(Figure.withTable(figure.spec, all)).flatMap(({ encoding, style }) =>
    style === "marked" ? [(encoding["shape"] as Schema.JsonObject)["datum"]] : [],
  )

describe("Figure.withTable", () => {
  it("keeps marks and their legend only where a row has them", () => {
    const marked = Figure.lines<Row>({
      ...options,
      y: { ...options.y, floor: 1e-3 },
      events: [{ label: "diverges", where: { diverged: true } }],
    })
    assert.deepStrictEqual(marksOf(marked, rows), ["diverges"])
    assert.deepStrictEqual(marksOf(marked, rowsOf("gd", [1, 0])), ["loss: 0.001 or less"])
    assert.deepStrictEqual(marksOf(marked, rowsOf("gd", [1, 2])), [])
  })

  it("moves what is below a floor to it", () => {
    const { spec } = Figure.lines<Row>({ ...options, y: { ...options.y, floor: 1e-3 } })
    const [line] = Figure.views(spec, rowsOf("gd", [1, 0, -5]))
    assert.deepStrictEqual(
      line!.rows.map(({ loss }) => loss),
      [1, 1e-3, 1e-3],
    )
  })

  it("widens a line that another lies upon, and marks the points of short ones", () => {
    const twins = [...rowsOf("sam", [3, 2, 1]), ...rowsOf("usam", [3, 2, 1])]
    const known = (all: ReadonlyArray<Row>) =>
      Figure.withTable(Figure.lines<Row>(options).spec, all) as Schema.JsonObject
    assert.property(known(twins)["encoding"], "size")
    assert.notProperty(known(rows)["encoding"], "size")
    assert.property(known(rows)["mark"], "point")
    const long = rowsOf(
      "sam",
      Array.from({ length: 50 }, (_, k) => 1 + k),
    )
    assert.notProperty(known(long)["mark"], "point")
  })
})
