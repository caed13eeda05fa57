/** Untrusted specifications: loading, unbounded computation and excessive counts are outside the vocabulary. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as Figure from "../src/index.ts"
import { outsideVocabulary } from "../src/Vocabulary.ts"

const x = { field: "x", type: "quantitative" }
const plain = { data: { name: "table" }, mark: "point", encoding: { x, y: x } }

const nested = (depth: number): Schema.Json =>
  depth === 0 ? { mark: "point" } : { layer: [nested(depth - 1)] }

const strange: Readonly<Record<string, readonly [spec: Schema.Json, place: string]>> = {
  "a file": [{ ...plain, data: { url: "secret.csv" } }, "spec.data.url"],
  "a generator of rows": [
    { ...plain, data: { sequence: { start: 0, stop: 1e12 } } },
    "spec.data.sequence",
  ],
  "named data of its own": [{ ...plain, datasets: { table: [] } }, "spec.datasets"],
  "a link": [{ ...plain, mark: { type: "point", href: "javascript:alert(1)" } }, "spec.mark.href"],
  "a link of a channel": [
    { ...plain, encoding: { href: { value: "javascript:alert(1)" } } },
    "spec.encoding.href",
  ],
  "a picture": [{ ...plain, mark: { type: "image", url: "http://a" } }, "spec.mark.type"],
  "a colour that is an address": [
    { ...plain, mark: { type: "point", fill: "url(http://a)" } },
    "spec.mark.fill",
  ],
  "a signal": [{ ...plain, params: [{ name: "p", expr: "1" }] }, "spec.params"],
  "an expression in place of a value": [
    { ...plain, encoding: { x: { ...x, scale: { domain: { expr: "warn('a')" } } } } },
    "spec.encoding.x.scale.domain",
  ],
  "a configuration": [{ ...plain, config: { background: "url(a)" } }, "spec.config"],
  "a loop in an expression": [
    { ...plain, transform: [{ calculate: "sequence(0, 1e12)", as: "x" }] },
    "spec.transform[0].calculate",
  ],
  "a function of the language": [
    { ...plain, transform: [{ calculate: "datum.x.constructor.constructor('a')()", as: "x" }] },
    "spec.transform[0].calculate",
  ],
  "a filter that computes": [
    { ...plain, transform: [{ filter: "length(pad('', 1e9, 'x'))" }] },
    "spec.transform[0].filter",
  ],
  "a step that makes rows": [
    { ...plain, transform: [{ density: "x", steps: 1e9 }] },
    "spec.transform[0].density",
  ],
  "very many ticks": [
    { ...plain, encoding: { x: { ...x, axis: { tickCount: 1e9 } } } },
    "spec.encoding.x.axis.tickCount",
  ],
  "very wide numbers": [
    { ...plain, encoding: { x: { ...x, axis: { format: "999999999d" } } } },
    "spec.encoding.x.axis.format",
  ],
  "a very wide picture": [{ ...plain, width: 1e9 }, "spec.width"],
  "very many columns": [{ ...plain, columns: 1e9 }, "spec.columns"],
  "layers within layers": [nested(1000), "spec.layer[0].layer[0].layer[0].layer[0].layer[0]"],
  "rows that hold more than cells": [
    { ...plain, data: { values: [{ x: { y: 1 } }] } },
    "spec.data.values[0]",
  ],
  "a list": [[], "spec"],
  nothing: [null, "spec"],
}

describe("the vocabulary of figures", () => {
  it.each(Object.keys(strange))("has no %s", (name) => {
    const [spec, place] = strange[name]!
    assert.strictEqual(outsideVocabulary(spec), place)
  })

  it("has all that charts are made of", () => {
    const rows = [
      { step: 1, loss: 2, low: 1, high: 3, run: "a", seed: 1, ended: true, size: 2 },
      { step: 2, loss: 1e-9, low: 1, high: 3, run: "b", seed: 1, ended: false, size: 0 },
    ]
    const heading = { id: "a", title: "A", caption: "A." }
    const [axis, other] = [
      { field: "step", title: "step", scale: "integers" },
      { field: "loss", title: "loss", scale: "log", floor: 1e-6, ceiling: 1e6 },
    ] as const
    const options = {
      ...heading,
      x: axis,
      y: other,
      series: { field: "run", title: "run", and: "size" },
      panel: { field: "seed", title: "seed", own: "x" },
      interval: { low: "low", high: "high" },
      pairs: "seed",
      weight: { field: "size", title: "size" },
      where: { seed: [1, 2] },
      references: [Figure.level("level", 1), Figure.upright("upright", 1)],
      events: [{ label: "ended", where: { ended: true } }],
    } as const
    const figures = [
      Figure.points<(typeof rows)[number]>(options),
      Figure.lines<(typeof rows)[number]>({ ...options, rows }),
      Figure.path<(typeof rows)[number]>({ ...options, order: "step" }),
    ]
    for (const { spec } of figures) assert.isUndefined(outsideVocabulary(spec))
  })

  it("is asked of every figure", () => {
    const figure = Figure.custom({
      id: "a",
      title: "A",
      caption: "A.",
      rows: [{ x: 1 }],
      spec: { mark: "point", encoding: { x, y: x }, params: [] },
    })
    assert.deepStrictEqual(Figure.problems(figure), ["spec.params is not allowed in a figure"])
  })
})
