/** The small wrong changes: which there are at a node of a syntax tree, each as a text that takes its place. */

/** A node as the parser gives it; what else it has depends on its type. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export interface Edit {
  /** What was done, by the names of `kinds`. */
  readonly kind: Kind
  readonly text: string
}

export const kinds = {
  double: "a constant k is 2 k",
  half: "a constant k is k / 2",
  "plus-one": "a constant k is k + 1",
  sign: "+ is -, or - is +",
  product: "* is /, or / is *",
  "drop-left": "the left operand of + or * is dropped",
  "drop-right": "the right operand of +, -, *, / or ** is dropped",
  "drop-minus": "a minus in front is dropped",
  comparison: "a comparison is negated",
  "loop-end": "a loop has one round more, or one fewer",
  negate: "a condition is negated",
  arms: "a choice takes its other arm",
  extreme: "a minimum is a maximum, or floor is ceil, or the other way round",
  "drop-call":
    "Math.sqrt, Math.abs, Math.log, Math.ceil, Math.floor, Math.round or Math.exp is dropped",
  square: "a norm is squared, or a squared norm is not",
  index: "an index is one more",
  "drop-sum": "+= or -= forgets what was there",
  "drop-statement": "a call for its effect is dropped",
} as const

export type Kind = keyof typeof kinds

/** Constants below are tolerances, which bound rounding; from this limit on they are limits of rounds. */
const leastConstant = 1e-5
const leastLimit = 50

const node = (value: unknown): Node => value as Node

const numeric = ({ value }: Node): ReadonlyArray<Edit> => {
  if (typeof value !== "number") return []
  if (value !== 0 && (Math.abs(value) < leastConstant || Math.abs(value) >= leastLimit)) return []
  const edits: Array<Edit> = [{ kind: "plus-one", text: String(value + 1) }]
  if (value > 1) edits.push({ kind: "half", text: String(value / 2) })
  if (value !== 0 && value !== 1) edits.push({ kind: "double", text: String(2 * value) })
  return edits
}

const opposite: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "===": "!==",
  "!==": "===",
}

const isText = ({ type, value }: Node): boolean =>
  type === "TemplateLiteral" || (type === "Literal" && typeof value === "string")

type TextOf = (node: Node) => string

const binary = (at: Node, textOf: TextOf): ReadonlyArray<Edit> => {
  const operator = at["operator"] as string
  const [left, right] = [node(at["left"]), node(at["right"])]
  if (isText(left) || isText(right)) return []
  const dropLeft = { kind: "drop-left", text: textOf(right) } as const
  const dropRight = { kind: "drop-right", text: textOf(left) } as const
  const swapped = `(${textOf(left)}) ${opposite[operator]} (${textOf(right)})`
  switch (operator) {
    case "+":
      return [{ kind: "sign", text: swapped }, dropLeft, dropRight]
    case "-":
      return [{ kind: "sign", text: swapped }, dropRight]
    case "*":
      return [{ kind: "product", text: swapped }, dropLeft, dropRight]
    case "/":
      return [{ kind: "product", text: swapped }, dropRight]
    case "**":
      return [dropRight]
    default:
      return opposite[operator] === undefined ? [] : [{ kind: "comparison", text: swapped }]
  }
}

const extremes: Readonly<Record<string, string>> = {
  "Math.max": "Math.min",
  "Math.min": "Math.max",
  "Math.floor": "Math.ceil",
  "Math.ceil": "Math.floor",
}

const droppable = /^(?:Math|Elementary)\.(?:sqrt|abs|log|ceil|floor|round|exp)$/
const power = /^(?:Math|Elementary)\.pow$/
const norm = /(?:^|\.)(?:norm|\w+Norm)$/
const squaredNorm = /(?:^|\.)(?:normSquared|squaredNorm|\w+NormSquared)$/

const call = (at: Node, textOf: TextOf): ReadonlyArray<Edit> => {
  const name = textOf(node(at["callee"]))
  const args = at["arguments"] as ReadonlyArray<Node>
  const edits: Array<Edit> = []
  const other = extremes[name]
  if (other !== undefined)
    edits.push({ kind: "extreme", text: `${other}(${args.map(textOf).join(", ")})` })
  if (droppable.test(name) && args.length === 1)
    edits.push({ kind: "drop-call", text: textOf(args[0]!) })
  if (power.test(name)) edits.push({ kind: "drop-right", text: textOf(args[0]!) })
  if (norm.test(name)) edits.push({ kind: "square", text: `${textOf(at)} ** 2` })
  if (squaredNorm.test(name)) edits.push({ kind: "square", text: `Math.sqrt(${textOf(at)})` })
  return edits
}

/** The bound of a loop, `i < n` or `i >= 0`, with its end moved by one. */
const loopEnds: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" }

const loopEnd = (test: Node, textOf: TextOf): ReadonlyArray<Edit> => {
  if (test.type !== "BinaryExpression") return []
  const operator = loopEnds[test["operator"] as string]
  if (operator === undefined) return []
  return [
    {
      kind: "loop-end",
      text: `${textOf(node(test["left"]))} ${operator} ${textOf(node(test["right"]))}`,
    },
  ]
}

const isComparison = ({ type, operator }: Node): boolean =>
  type === "BinaryExpression" && opposite[operator as string] !== undefined

/** The changes of `at`, whose parent is `parent`; each takes the place of the whole node, in parentheses where it is an expression. */
export const editsOf = (
  at: Node,
  parent: Node | undefined,
  textOf: TextOf,
): ReadonlyArray<Edit> => {
  if (parent?.type === "ForStatement" && parent["test"] === at) return loopEnd(at, textOf)
  switch (at.type) {
    case "Literal":
      return numeric(at)
    case "BinaryExpression":
      return binary(at, textOf)
    case "UnaryExpression":
      return at["operator"] === "-"
        ? [{ kind: "drop-minus", text: textOf(node(at["argument"])) }]
        : []
    case "CallExpression":
      return call(at, textOf)
    case "ConditionalExpression": {
      const [test, yes, no] = [node(at["test"]), node(at["consequent"]), node(at["alternate"])]
      if (isComparison(test)) return []
      return [{ kind: "arms", text: `${textOf(test)} ? ${textOf(no)} : ${textOf(yes)}` }]
    }
    case "AssignmentExpression": {
      const operator = at["operator"] as string
      const [left, right] = [textOf(node(at["left"])), textOf(node(at["right"]))]
      if (operator === "+=" || operator === "-=") {
        const other = operator === "+=" ? "-=" : "+="
        return [
          { kind: "sign", text: `${left} ${other} ${right}` },
          { kind: "drop-sum", text: `${left} = ${right}` },
        ]
      }
      if (operator !== "*=" && operator !== "/=") return []
      return [{ kind: "product", text: `${left} ${operator === "*=" ? "/=" : "*="} ${right}` }]
    }
    case "ExpressionStatement": {
      const isCall = node(at["expression"]).type === "CallExpression"
      return isCall ? [{ kind: "drop-statement", text: "" }] : []
    }
    default:
      break
  }
  if (parent?.type === "IfStatement" && parent["test"] === at && !isComparison(at)) {
    return [{ kind: "negate", text: `!(${textOf(at)})` }]
  }
  return []
}

/** The index of `array[index]`, one more; a name between brackets is none. */
export const indexEdit = (at: Node, parent: Node | undefined, textOf: TextOf): Edit | undefined => {
  if (
    parent?.type !== "MemberExpression" ||
    parent["computed"] !== true ||
    parent["property"] !== at
  )
    return undefined
  if (isText(at)) return undefined
  return { kind: "index", text: `${textOf(at)} + 1` }
}
