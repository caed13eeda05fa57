/**
 * Expressions of Vega, evaluated from their syntax trees and not compiled: a page that is served lets no text become code. It does what
 * `vega-runtime` does with `Function`, and knows the part of Vega's functions of which Vega does not bring an implementation itself.
 */

interface Tree {
  readonly type: string
  readonly [part: string]: unknown
}

type Callable = (...args: ReadonlyArray<unknown>) => unknown

type Values = Readonly<Record<string, unknown>>

interface Event {
  readonly vega?: Readonly<Record<string, Callable>>
  readonly item?: { readonly datum?: unknown }
}

/** What an expression is evaluated with. */
interface Scope {
  /** Vega's own functions, which expect themselves as `this`. */
  readonly functions: Readonly<Record<string, Callable>>
  /** Signals and the like, by their names with a `$` before. */
  readonly params: Values
  readonly datum?: unknown
  readonly item?: unknown
  readonly event?: Event
}

const constants: Values = {
  NaN: Number.NaN,
  E: Math.E,
  LN2: Math.LN2,
  LN10: Math.LN10,
  LOG2E: Math.LOG2E,
  LOG10E: Math.LOG10E,
  PI: Math.PI,
  SQRT1_2: Math.SQRT1_2,
  SQRT2: Math.SQRT2,
  MIN_VALUE: Number.MIN_VALUE,
  MAX_VALUE: Number.MAX_VALUE,
}

/** Functions that Vega writes into compiled code as they are named in JavaScript. */
const natives: Readonly<Record<string, Callable>> = {
  ...Object.fromEntries(
    "abs acos asin atan atan2 ceil cos exp floor hypot log max min pow round sin sqrt tan"
      .split(" ")
      .map((name) => [name, Math[name as "max"] as Callable]),
  ),
  isNaN: Number.isNaN,
  isFinite: Number.isFinite,
  clamp: (value, low, high) => Math.max(Number(low), Math.min(Number(high), Number(value))),
  length: (of) => (of as ArrayLike<unknown>).length,
  parseFloat: (text) => Number.parseFloat(String(text)),
  parseInt: (text, radix) => Number.parseInt(String(text), radix as number),
  upper: (text) => String(text).toUpperCase(),
  lower: (text) => String(text).toLowerCase(),
  trim: (text) => String(text).trim(),
  substring: (text, from, to) => String(text).substring(from as number, to as number),
  split: (text, by) => String(text).split(by as string),
}

const binary: Readonly<Record<string, (a: never, b: never) => unknown>> = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "%": (a: number, b: number) => a % b,
  "<": (a: number, b: number) => a < b,
  "<=": (a: number, b: number) => a <= b,
  ">": (a: number, b: number) => a > b,
  ">=": (a: number, b: number) => a >= b,
  // as in expressions of Vega, whose equality is that of JavaScript
  // oxlint-disable-next-line eqeqeq
  "==": (a, b) => a == b,
  // oxlint-disable-next-line eqeqeq
  "!=": (a, b) => a != b,
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
}

const unary: Readonly<Record<string, (a: never) => unknown>> = {
  "+": Number,
  "-": (a: number) => -a,
  "!": (a) => !a,
}

const refuse = (what: string): never => {
  throw new Error(`an expression of this figure has ${what}, which this page does not evaluate`)
}

/** Fields that lead from a value to code. */
const hidden = new Set(["constructor", "__proto__", "prototype"])

const member = (of: unknown, name: unknown): unknown => {
  if (hidden.has(String(name))) return refuse(String(name))
  return (of as Values)[name as string]
}

const call = (name: string, args: ReadonlyArray<Tree>, scope: Scope): unknown => {
  const [first, second, third] = args
  if (name === "if")
    return evaluate(first!, scope) ? evaluate(second!, scope) : evaluate(third!, scope)
  const values = args.map((arg) => evaluate(arg, scope))
  const of = scope.event?.vega
  if (of !== undefined && ["view", "item", "group", "xy", "x", "y"].includes(name)) {
    return of[name]!(...values)
  }
  // what Vega names with a low line is the same without its checks
  const known = name.replace(/^_/, "")
  const own = scope.functions[known] ?? natives[known]
  // what every object has is no function of Vega
  const isNone = own === undefined || own === (Object.prototype as unknown as Values)[known]
  return isNone ? refuse(`a function ${name}`) : own.apply(scope.functions, values)
}

const identifier = (name: string, { datum, event, item, params }: Scope): unknown => {
  if (name === "datum") return datum
  if (name === "event") return event
  if (name === "item") return item
  return Object.hasOwn(constants, name) ? constants[name] : params[`$${name}`]
}

const evaluate = (tree: Tree, scope: Scope): unknown => {
  const at = (part: string) => evaluate(tree[part] as Tree, scope)
  switch (tree.type) {
    case "Literal":
      return tree["value"]
    case "Identifier":
      return identifier(String(tree["name"]), scope)
    case "MemberExpression": {
      const property = tree["property"] as Tree
      return member(at("object"), tree["computed"] === true ? at("property") : property["name"])
    }
    case "CallExpression":
      return call(
        String((tree["callee"] as Tree)["name"]),
        tree["arguments"] as ReadonlyArray<Tree>,
        scope,
      )
    case "ArrayExpression":
      return (tree["elements"] as ReadonlyArray<Tree>).map((each) => evaluate(each, scope))
    case "ObjectExpression":
      return Object.fromEntries(
        (tree["properties"] as ReadonlyArray<{ readonly key: Tree; readonly value: Tree }>).map(
          ({ key, value }) => [String(key["name"] ?? key["value"]), evaluate(value, scope)],
        ),
      )
    case "BinaryExpression":
      return (binary[String(tree["operator"])] ?? refuse(String(tree["operator"])))(
        at("left") as never,
        at("right") as never,
      )
    case "UnaryExpression":
      return (unary[String(tree["operator"])] ?? refuse(String(tree["operator"])))(
        at("argument") as never,
      )
    case "LogicalExpression":
      return tree["operator"] === "&&" ? at("left") && at("right") : at("left") || at("right")
    case "ConditionalExpression":
      return at("test") ? at("consequent") : at("alternate")
    default:
      return refuse(tree.type)
  }
}

interface Spot {
  [channel: string]: number
}

/** Width and height of a mark that has two ends, the smaller first where it is an area. */
const adjust = (item: Spot, has: Values, kind: string): void => {
  for (const [low, high, centre, size] of [
    ["x", "x2", "xc", "width"],
    ["y", "y2", "yc", "height"],
  ] as const) {
    if (high in has && low in has) {
      if (["group", "image", "rect"].includes(kind) && item[low]! > item[high]!) {
        const swapped = item[low]!
        item[low] = item[high]!
        item[high] = swapped
      }
      item[size] = item[high]! - item[low]!
    } else if (high in has) item[low] = item[high]! - (item[size] ?? 0)
    if (centre in has) item[low] = item[centre]! - (item[size] ?? 0) / 2
  }
}

interface Context {
  readonly functions: Scope["functions"]
}

interface Expression {
  readonly ast: Tree
}

/** What `vega-runtime` asks of whatever evaluates its expressions: the option `expr` of a view whose specification was parsed with `ast`. */
export const interpreter = {
  operator:
    ({ functions }: Context, { ast }: Expression) =>
    (params: Values) =>
      evaluate(ast, { functions, params }),
  parameter:
    ({ functions }: Context, { ast }: Expression) =>
    (datum: unknown, params: Values) =>
      evaluate(ast, { functions, params, datum }),
  event:
    ({ functions }: Context, { ast }: Expression) =>
    (event: Event) =>
      evaluate(ast, { functions, params: {}, event }),
  handler:
    ({ functions }: Context, { ast }: Expression) =>
    (params: Values, event: Event) =>
      evaluate(ast, { functions, params, event, datum: event.item?.datum }),
  encode: (
    { functions }: Context,
    {
      channels,
      marktype,
    }: {
      readonly marktype: string
      readonly channels: Readonly<Record<string, Expression>>
    },
  ) => {
    const entries = Object.entries(channels)
    return (item: Record<string, unknown>, params: Values) => {
      const scope = { functions, params, item, datum: item["datum"] }
      let isChanged = false
      for (const [name, { ast }] of entries) {
        const value = evaluate(ast, scope)
        if (item[name] === value) continue
        item[name] = value
        isChanged = true
      }
      if (marktype !== "rule") adjust(item as Spot, channels, marktype)
      return isChanged ? 1 : 0
    }
  },
}
