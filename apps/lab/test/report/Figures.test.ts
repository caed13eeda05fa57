import { assert, describe, it } from "@effect/vitest"
import { Figure } from "@nonconvex/evidence"
import { Effect } from "effect"
import * as Svg from "../../src/evidence/report/Svg.ts"
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

describe.each(experiments)("the figures of $id", (experiment) => {
  it.live("can be read in its smallest preset", () =>
    Effect.gen(function* () {
      const all = yield* rowsOf(experiment, "smoke")
      assert.deepStrictEqual(yield* faultsOf(experiment, "smoke", all), [])
    }).pipe(Effect.provide(capabilities)),
  )
})
