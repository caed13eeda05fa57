import { assert, describe, it } from "@effect/vitest"
import { Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Effect, ManagedRuntime, Schema } from "effect"
import { afterAll } from "vitest"
import * as Svg from "@nonconvex/figures/svg"
import { capabilities, faultsOf, rowsOf } from "../support/Drawing.ts"
import { experiments } from "../support/Experiments.ts"
import * as Scene from "../support/Scene.ts"

const heading = { id: "figure", title: "Figure", caption: "A figure." }

/** What can be seen to be wrong in the picture of a figure. */
const seenIn = Effect.fnUntraced(function* ({ spec }: Figure.Figure) {
  const view = yield* Svg.scene({ spec })
  const { root } = view.scenegraph() as unknown as { readonly root: Scene.Mark }
  const faults = Scene.faults(root)
  view.finalize()
  return faults
})

const rows = [1, 2, 3].flatMap((x) =>
  ["first", "second"].map((name, i) => ({ x, y: x ** (i + 1), name, long: `${name} `.repeat(30) })),
)

const options = {
  ...heading,
  rows,
  x: { field: "x", title: "x" },
  y: { field: "y", title: "y" },
  series: { field: "name", title: "name" },
} as const

describe("what a reader would stumble over", () => {
  it.live("is nothing in a good figure", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seenIn(Figure.lines(options)), [])
      assert.deepStrictEqual(yield* seenIn(Figure.points(options)), [])
    }),
  )

  it.live("is a mark without rows", () =>
    Effect.gen(function* () {
      const faults = yield* seenIn(Figure.points({ ...options, where: { name: "third" } }))
      assert.include(faults, "marks is empty")
    }),
  )

  it.live("is a line of one point", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 40 }, (_, x) => ({ x, y: x, name: "first" }))
      const faults = yield* seenIn(
        Figure.lines({ ...options, rows: [...many, { x: 0, y: 20, name: "second" }] }),
      )
      assert.deepStrictEqual(faults, [
        "a line in var(--series-2, #d55e00) has one point, which nothing marks",
      ])
    }),
  )

  it.live("is a legend that is wider than a page", () =>
    Effect.gen(function* () {
      const faults = yield* seenIn(
        Figure.lines({ ...options, series: { field: "long", title: "name" } }),
      )
      assert.match(faults.join(), /^it is \d+ pixels wide$/)
    }),
  )

  it.live("is a series that lies under another, where the specification does not widen it", () =>
    Effect.gen(function* () {
      const same = rows.map((row) => ({ ...row, y: row.x }))
      assert.deepStrictEqual(yield* seenIn(Figure.lines({ ...options, rows: same })), [])
      const { spec } = Figure.lines({ ...options, rows: same })
      const plain = Figure.custom({
        ...heading,
        rows: same,
        spec: { mark: { type: "line", style: "thin" }, encoding: spec["encoding"]! },
      })
      assert.deepStrictEqual(yield* seenIn(plain), [
        "a series in var(--series-1, #0072b2) is hidden by one in var(--series-2, #d55e00)",
      ])
    }),
  )
})

/** Two series of points, whose legend is as it is said here. */
const legended = (legend: Schema.JsonObject) =>
  Figure.custom({
    ...heading,
    rows,
    spec: {
      mark: "point",
      encoding: {
        x: { field: "x", type: "quantitative" },
        y: { field: "y", type: "quantitative" },
        color: { field: "name", type: "nominal", legend },
      },
    },
  })

describe("what is wrong with a legend", () => {
  it.live("is a label that stands twice", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seenIn(legended({ labelExpr: "datum.label[0] ? 'x' : ''" })), [
        'the legend says "x" twice',
      ])
    }),
  )

  it.live("is a label that is cut", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seenIn(legended({ labelLimit: 29 })), [
        'the legend cuts "second"',
      ])
    }),
  )
})

/** An experiment with one figure, of a caption, over rows of `n` and its logarithm. */
const drawing = (caption: string) =>
  Experiment.table({
    id: "toy/drawing",
    title: "Drawing",
    source: { paper: "none", statement: "none", basis: "derived here" },
    question: "What is wrong?",
    config: Schema.Struct({}),
    columns: Schema.Struct({ n: Schema.Int, size: Schema.Number, name: Schema.String }),
    presets: { smoke: {}, fast: {}, paper: {} },
    cases: () => [],
    row: () => [],
    figures: () => [
      Figure.lines<{ n: number; size: number; name: string }>({
        ...heading,
        caption,
        where: { name: "first" },
        x: { field: "n", title: "n" },
        y: { field: "size", title: "size", scale: "log" },
      }),
    ],
    expectations: () => [],
  })

describe("what is wrong with the figures of an experiment", () => {
  const table = [1, 2, 3].map((n) => ({ n, size: n, name: "first" }))

  it.live.each([
    ["nothing of a good one", "It grows.", table, []],
    ["no row at all", "It grows.", [], ["it draws no row", "marks is empty"]],
    [
      "a row that its axis drops",
      "It grows.",
      [...table, { n: 4, size: 0, name: "first" }],
      [/^row 4 has 0 in size, which a log axis cannot show/],
    ],
    [
      "a method of its caption that it leaves out",
      "It grows faster than second.",
      [...table, { n: 4, size: 1, name: "second" }],
      ['its caption names "second", which is not drawn'],
    ],
    [
      "a mark of its caption that it has not",
      "It grows along the diagonal.",
      table,
      ['its caption names "diagonal", which is not drawn'],
    ],
  ] as const)("is %s", ([, caption, all, expected]) =>
    Effect.gen(function* () {
      const faults = yield* faultsOf(drawing(caption), "smoke", all)
      assert.lengthOf(faults, expected.length, faults.join("; "))
      expected.forEach((fault, at) => {
        const found = faults[at]!.replace("figure: ", "")
        if (typeof fault === "string") assert.strictEqual(found, fault)
        else assert.match(found, fault)
      })
    }),
  )
})

/** The data are read once, and kernels have one memory. */
const runtime = ManagedRuntime.make(capabilities)
afterAll(() => runtime.dispose())

describe.each(experiments)("the figures of $id", (experiment) => {
  it("can be read in its smallest preset", async () => {
    const all = await runtime.runPromise(rowsOf(experiment, "smoke"))
    assert.deepStrictEqual(await runtime.runPromise(faultsOf(experiment, "smoke", all)), [])
  })
})
