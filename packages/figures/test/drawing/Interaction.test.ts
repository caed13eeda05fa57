import { assert, describe, it } from "@effect/vitest"
import * as Figure from "../../src/index.ts"
import { isObject } from "../../src/index.ts"
import type { Schema } from "effect"
import { choicesOf, interactive } from "../../src/drawing/Interaction.ts"

const rows = ["SAM", "USAM", "GD"].flatMap((method) =>
  [1, 2, 3].map((step) => ({ method, step, loss: 1 / step })),
)

const whole = (spec: Schema.Json): Schema.JsonObject => {
  const known = Figure.withTable(spec, rows)
  return isObject(known) ? known : {}
}

const lines = Figure.lines<(typeof rows)[number]>({
  id: "loss",
  title: "Loss",
  caption: "It falls.",
  x: { field: "step", title: "step" },
  y: { field: "loss", title: "loss", scale: "log" },
  series: { field: "method", title: "method" },
})

const plain = { hidden: [], isZoomed: false }

describe("a figure from near", () => {
  it("has the choices that its data bear", () => {
    assert.deepStrictEqual(choicesOf(whole(lines.spec)), {
      series: { field: "method", values: ["SAM", "USAM", "GD"] },
      scales: { x: "linear", y: "log" },
      isPlane: true,
    })
    const falling = Figure.lines<(typeof rows)[number]>({
      ...lines,
      x: { field: "method", title: "method", scale: "names" },
      y: { field: "loss", title: "loss" },
    })
    assert.deepStrictEqual(choicesOf(whole(falling.spec)), {
      scales: { y: "linear" },
      isPlane: false,
    })
  })

  it("leaves out the series that are hidden, and no other loses its colour", () => {
    const seen = interactive(whole(lines.spec), { ...plain, hidden: ["USAM", "nobody"] })
    const { values } = seen["data"] as { readonly values: typeof rows }
    assert.deepStrictEqual([...new Set(values.map(({ method }) => method))], ["SAM", "GD"])
    const { color } = seen["encoding"] as { readonly color: { readonly scale: unknown } }
    assert.deepStrictEqual(color.scale, { domain: ["SAM", "USAM", "GD"] })
  })

  it("changes the scale that it is asked to, and zooms where both axes are of numbers", () => {
    const seen = interactive(whole(lines.spec), { ...plain, y: "linear", isZoomed: true })
    const { x, y } = seen["encoding"] as Record<"x" | "y", { readonly scale: { type: string } }>
    assert.deepStrictEqual([x.scale.type, y.scale.type], ["linear", "linear"])
    assert.deepStrictEqual(
      (seen["params"] as ReadonlyArray<{ readonly name: string }>).map(({ name }) => name),
      ["zoom"],
    )
    assert.notProperty(interactive(whole(lines.spec), plain), "params")
  })

  it("draws the frame that is asked for, on the scale of the axis", () => {
    const frame = { x: [1, 2], y: [0.5, 1] } as const
    const { encoding } = interactive(whole(lines.spec), { ...plain, isZoomed: true, frame })
    const text = JSON.stringify(encoding)
    assert.include(text, '"domain":[1,2]')
    assert.match(text, /"type":"log"[^}]*"domain":\[0.5,1\]/)
    // where nothing is zoomed all is drawn
    const all = interactive(whole(lines.spec), { ...plain, frame })
    assert.notInclude(JSON.stringify(all["encoding"]), '"domain":[1,2]')
  })
})
