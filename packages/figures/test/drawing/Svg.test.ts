import { assert, describe, it } from "@effect/vitest"
import * as Figure from "../../src/index.ts"
import { Effect } from "effect"
import { standalone } from "../../src/drawing/Standalone.ts"
import * as Svg from "../../src/drawing/Svg.ts"

const rows = [1, 10, 100, 1000].flatMap((x) =>
  ["a", "b"].map((name) => ({ x, y: name === "a" ? x : 1 / x, name })),
)

const { spec } = Figure.lines({
  id: "line",
  title: "Lines",
  caption: "",
  rows,
  x: { field: "x", title: "steps", scale: "log" },
  y: { field: "y", title: "loss", scale: "log" },
  series: { field: "name", title: "series" },
})

const svgOf = (key: string) =>
  Effect.map(Svg.draw({ key, spec }), (drawn) => (drawn._tag === "Picture" ? drawn.svg : ""))

describe("Svg.draw", () => {
  it.live("draws titles, legends, and lines at powers of ten alone", () =>
    Effect.gen(function* () {
      const svg = yield* svgOf("one")
      for (const text of ["steps", "loss", "series", ">1<", ">10<", ">100<", ">1,000<"]) {
        assert.include(svg, text)
      }
      assert.notInclude(svg, ">500<")
    }),
  )

  it.live(
    "is the same each time, takes the colours of the page, and shares no name with others",
    () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* svgOf("one"), yield* svgOf("one"))
        const svg = yield* svgOf("one")
        assert.include(svg, "var(--series-1, #0072b2)")
        for (const [, id] of svg.matchAll(/\bid="([^"]+)"/g)) assert.match(id!, /^one-/)
        for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) assert.include(svg, `id="${id}"`)
      }),
  )

  it.live("stands alone on white with colours of its own", () =>
    Effect.gen(function* () {
      const svg = standalone(yield* svgOf("one"))
      assert.match(svg, /^<svg[^>]*><rect width="100%" height="100%" fill="#fff"\/>/)
      assert.notInclude(svg, "var(")
      assert.include(svg, "#0072b2")
    }),
  )

  it.live("says why it cannot draw, and leaves the specification as it was", () =>
    Effect.gen(function* () {
      const bad = { mark: "no such mark" }
      const drawn = yield* Svg.draw({ key: "bad", spec: bad })
      assert.strictEqual(drawn._tag, "Undrawable")
      assert.deepStrictEqual(bad, { mark: "no such mark" })
    }),
  )
})
