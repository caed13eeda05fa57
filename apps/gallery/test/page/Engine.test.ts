/** Figures evaluated from syntax trees equal those that Vega compiles. */
import { assert, describe, it } from "@effect/vitest"
import { parse, parseExpression, View } from "vega"
import { compile } from "vega-lite"
import { expressionInterpreter as interpreter } from "vega-interpreter"
import { specification } from "@nonconvex/figures/drawing"

const rows = Array.from({ length: 40 }, (_, k) => ({
  step: k + 1,
  loss: 3 / (1 + k) + (k % 2),
  low: 1 / (1 + k),
  high: 4 / (1 + k) + (k % 2),
  method: k % 2 === 0 ? "SAM" : "SGD",
  seed: k % 3,
}))

const x = { field: "step", type: "quantitative", title: "step", scale: { type: "log" } }
const y = { field: "loss", type: "quantitative", title: "loss", axis: { format: ".2f" } }
const color = { field: "method", type: "nominal", sort: null }

const specs = {
  lines: {
    data: { name: "table" },
    mark: { type: "line", point: true },
    encoding: { x, y, color },
  },
  bars: {
    data: { name: "table" },
    mark: "bar",
    encoding: { x: { field: "seed", type: "ordinal" }, y: { ...y, stack: true }, color },
  },
  areas: {
    data: { name: "table" },
    transform: [{ calculate: "datum.loss > 1 ? sqrt(datum.high) : -datum.low", as: "bent" }],
    layer: [
      { mark: "area", encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color } },
      { mark: "rule", encoding: { x, y: { ...y, field: "bent" }, y2: { field: "high" } } },
    ],
  },
  panels: {
    data: { name: "table" },
    facet: { field: "method", type: "nominal" },
    spec: {
      mark: { type: "text" },
      encoding: { x, y, text: { field: "seed", type: "quantitative" } },
    },
  },
  filtered: {
    data: { name: "table" },
    transform: [
      { filter: "datum.seed === 1 && isValid(datum.loss) || indexof('SAM', datum.method) < 0" },
      { filter: { field: "method", oneOf: ["SAM"] } },
    ],
    mark: "circle",
    encoding: { x, y, size: { field: "high", type: "quantitative" } },
  },
}

/** Figure as SVG, with clip names that do not depend on earlier figures. */
const drawn = async (spec: object, isInterpreted: boolean) => {
  const whole = specification({ ...spec }, rows, "wide", {
    hidden: [],
    isZoomed: true,
  })
  const vega = compile(whole).spec
  const view = isInterpreted
    ? new View(parse(vega, undefined, { ast: true }), { expr: interpreter, renderer: "none" })
    : new View(parse(vega), { renderer: "none" })
  const svg = await view.toSVG()
  view.finalize()
  return svg.replaceAll(/clip\d+/g, "clip")
}

describe("a figure whose expressions are evaluated", () => {
  for (const [name, spec] of Object.entries(specs)) {
    it(`is the same as one whose expressions are compiled: ${name}`, async () => {
      assert.strictEqual(await drawn(spec, true), await drawn(spec, false))
    })
  }
})

describe("an expression", () => {
  it("reaches no code", () => {
    const evaluated = (text: string) =>
      interpreter.operator({ functions: {} }, { ast: parseExpression(text) as never })({ $a: [] })
    assert.isUndefined(evaluated("a.constructor.constructor"))
    assert.isUndefined(evaluated("a['con' + 'structor']['constructor']"))
    for (const text of ["eval('1')", "Function('1')", "a.constructor.constructor('1')"]) {
      assert.throws(() => evaluated(text))
    }
  })
})
