/**
 * Vocabulary of figures: the part of Vega-Lite that they may use. A specification may be untrusted. Vega would load its
 * addresses and evaluate its expressions, so everything not listed here is refused.
 */
import type { Schema } from "effect"
import { isObject, table } from "./Rows.ts"

/** Path of the first value outside the vocabulary, such as `.encoding.x.href`; undefined if there is none. */
type Rule = (value: Schema.Json, at: string) => string | undefined

const where =
  (holds: (value: Schema.Json) => boolean): Rule =>
  (value, at) =>
    holds(value) ? undefined : at

const flag = where((value) => typeof value === "boolean")
const nothing = where((value) => value === null)
const between = (low: number, high: number): Rule =>
  where((value) => typeof value === "number" && value >= low && value <= high)
const number = between(-Infinity, Infinity)
const text = where((value) => typeof value === "string" && value.length <= 10_000)
const written = (pattern: RegExp): Rule =>
  where((value) => typeof value === "string" && value.length <= 10_000 && pattern.test(value))
const oneOf = (...words: ReadonlyArray<Schema.Json>): Rule =>
  where((value) => words.includes(value))

const either =
  (...rules: ReadonlyArray<Rule>): Rule =>
  (value, at) => {
    const places = rules.map((rule) => rule(value, at))
    // the innermost is where the nearest of them ends
    return places.includes(undefined)
      ? undefined
      : places.reduce((a, b) => (b!.length > a!.length ? b : a))
  }

const firstOf = <Value>(
  values: ReadonlyArray<Value>,
  placeOf: (value: Value, i: number) => string | undefined,
): string | undefined => {
  for (const [i, value] of values.entries()) {
    const place = placeOf(value, i)
    if (place !== undefined) return place
  }
  return undefined
}

const list =
  (rule: Rule, most: number): Rule =>
  (value, at) =>
    Array.isArray(value) && value.length <= most
      ? firstOf(value, (each: Schema.Json, i) => rule(each, `${at}[${i}]`))
      : at

const object =
  (fields: Readonly<Record<string, Rule>>): Rule =>
  (value, at) =>
    isObject(value)
      ? firstOf(Object.keys(value), (key) =>
          Object.hasOwn(fields, key) ? fields[key]!(value[key]!, `${at}.${key}`) : `${at}.${key}`,
        )
      : at

const scalar = either(nothing, flag, number, text)
const colour = written(/^(?:#[\da-f]{3,8}|[a-z]+)$/i)
/** Name of a shape, or its path. */
const symbol = written(/^(?:[a-z-]{1,40}|[MLHVCSQTAZ\d ,.e+-]{1,400})$/i)
const format = written(/^[-+~,.<>=^ ]{0,3}\d{0,2}(?:\.\d{1,2})?~?[a-z%]?$/i)
const title = either(nothing, text, list(text, 20))

/** A token of an expression: a column, a constant, an operator, or a function of numbers and lists. */
const token =
  /\s+|datum(?:\.[a-z_]\w*|\["(?:[^"\\]|\\.)*"\])|"(?:[^"\\]|\\.)*"|'[^'\\]*'|\d+(?:\.\d+)?(?:e[+-]?\d+)?|(?:isNumber|isValid|isFinite|indexof|abs|exp|log|sqrt|pow|min|max|floor|ceil|round)(?=\()|(?:true|false|null)\b|[-+*/%<>=!&|?:(),[\]]/iy

const expression: Rule = where((value) => {
  if (typeof value !== "string" || value.length > 10_000) return false
  token.lastIndex = 0
  while (token.lastIndex < value.length) if (!token.test(value)) return false
  return true
})

const predicate = object({
  field: text,
  equal: scalar,
  oneOf: list(scalar, 10_000),
  gt: number,
  gte: number,
  lt: number,
  lte: number,
})

const step = either(
  object({ filter: either(predicate, expression) }),
  object({ calculate: expression, as: text }),
)

const marks = ["point", "circle", "line", "rule", "area", "bar", "rect", "text", "tick", "square"]
const pixels = between(-10_000, 10_000)
const look = {
  clip: flag,
  filled: flag,
  interpolate: written(/^[a-z-]+$/),
  opacity: between(0, 1),
  size: pixels,
  strokeWidth: pixels,
  strokeDash: list(pixels, 20),
  fontSize: pixels,
  color: colour,
  fill: colour,
  stroke: colour,
  align: oneOf("left", "center", "right"),
  baseline: oneOf("top", "middle", "bottom"),
  dx: pixels,
  dy: pixels,
  angle: pixels,
  shape: symbol,
} satisfies Readonly<Record<string, Rule>>
const mark = either(
  oneOf(...marks),
  object({
    ...look,
    type: oneOf(...marks),
    style: oneOf("reference", "pair", "marked"),
    point: either(flag, object(look)),
  }),
)

const scale = either(
  nothing,
  object({
    type: oneOf("linear", "log", "symlog", "pow", "sqrt", "band", "point", "ordinal"),
    nice: flag,
    zero: flag,
    reverse: flag,
    clamp: flag,
    domain: list(scalar, 10_000),
    range: list(either(scalar, list(pixels, 20)), 10_000),
    scheme: written(/^[a-z]+\d*$/),
    constant: between(1e-300, 1e300),
  }),
)

const axis = either(
  nothing,
  object({
    format,
    title,
    grid: flag,
    labels: flag,
    ticks: flag,
    labelAngle: pixels,
    tickMinStep: between(1e-300, 1e300),
    tickCount: between(0, 100),
    values: list(scalar, 100),
  }),
)

const legend = either(
  nothing,
  object({ format, title, symbolType: symbol, symbolSize: pixels, columns: between(1, 20) }),
)

const channel = object({
  field: text,
  type: oneOf("quantitative", "nominal", "ordinal"),
  title,
  sort: either(oneOf(null, "ascending", "descending"), list(scalar, 10_000)),
  scale,
  axis,
  legend,
  stack: either(nothing, flag),
  columns: between(1, 20),
  datum: scalar,
  value: either(number, colour),
  condition: object({ test: expression, value: either(number, colour) }),
})

const channels = [
  "x y x2 y2 color fill stroke opacity shape size strokeDash strokeWidth detail order text facet row",
  "column",
].flatMap((words) => words.split(" "))
const encoding = object(Object.fromEntries(channels.map((name) => [name, channel])))

const cells: Rule = (row, at) =>
  isObject(row) ? firstOf(Object.values(row), (cell) => scalar(cell, at)) : at
const data = either(object({ name: oneOf(table.name) }), object({ values: list(cells, 1_000_000) }))

const resolution = object(
  Object.fromEntries(channels.map((name) => [name, oneOf("independent", "shared")])),
)

/** Deepest nesting of parts, such as panels of layers. */
const deepest = 4

const part =
  (depth: number): Rule =>
  (value, at) => {
    if (depth > deepest) return at
    const inner = part(depth + 1)
    return object({
      data,
      transform: list(step, 100),
      mark,
      encoding,
      layer: list(inner, 100),
      facet: channel,
      columns: between(1, 20),
      spec: inner,
      resolve: object({ scale: resolution, axis: resolution, legend: resolution }),
      width: between(1, 10_000),
      height: between(1, 10_000),
    })(value, at)
  }

/** Path of the first part of a specification outside the vocabulary; undefined if there is none. */
export const outsideVocabulary = (spec: Schema.Json): string | undefined => part(0)(spec, "spec")
