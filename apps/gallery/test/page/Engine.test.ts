/** Figures whose expressions are evaluated from their trees are the figures that Vega compiles. */
import { assert, describe, it } from "@effect/vitest"
import { parse, parseExpression, View } from "vega"
import { compile } from "vega-lite"
import { interpreter } from "../../src/figure/Interpreter.ts"
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

/** The figure as SVG, whose names of clips are counted through all figures of a program. */
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

const evaluated = (text: string, params: Readonly<Record<string, unknown>> = {}) =>
  interpreter.operator({ functions: {} }, { ast: parseExpression(text) as never })(params)

describe("a figure whose expressions are evaluated", () => {
  for (const [name, spec] of Object.entries(specs)) {
    it(`is the same as one whose expressions are compiled: ${name}`, async () => {
      assert.strictEqual(await drawn(spec, true), await drawn(spec, false))
    })
  }
})

describe("an expression", () => {
  it("is evaluated as JavaScript does", () => {
    assert.strictEqual(evaluated("1 + 2 * 3 - 4 % 3 / 2"), 6.5)
    assert.strictEqual(evaluated("!(a > 1) ? 'no' : b[1] + PI", { $a: 2, $b: [1, 2] }), 2 + Math.PI)
    assert.deepStrictEqual(evaluated("{x: [1, -a], 'y': a == '2'}", { $a: 2 }), {
      x: [1, -2],
      y: true,
    })
    assert.strictEqual(evaluated("clamp(5, 0, 3) + max(1, 2) + length('abc')"), 8)
    assert.strictEqual(evaluated("if(a, upper('x'), none())", { $a: 1 }), "X")
  })

  it("reaches no code", () => {
    for (const text of [
      "a.constructor",
      "a[b]",
      "a['cons' + 'tructor']",
      "a[c]",
      "eval('1')",
      "constructor('1')",
      "valueOf()",
      "Function('1')",
      "fetch('x')",
    ]) {
      assert.throws(
        () => evaluated(text, { $a: [], $b: "constructor", $c: "__proto__" }),
        /does not evaluate/,
      )
    }
  })
})
