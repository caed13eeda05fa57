/**
 * A rule for oxlint: no `**`, whose last bits ECMAScript leaves to the engine. It is exact, and allowed, of bigints that are seen to be so
 * and of 2 with a whole number that is written out.
 */

interface Node {
  readonly type: string
  readonly operator?: string
  readonly value?: unknown
  readonly bigint?: string | null
  readonly argument?: Node
  readonly callee?: Node
  readonly name?: string
  readonly left?: Node
  readonly right?: Node
}

interface Context {
  readonly report: (finding: { readonly node: Node; readonly message: string }) => void
}

const isWritten = (node: Node | undefined, holds: (value: unknown) => boolean): boolean =>
  node?.type === "UnaryExpression" && node.operator === "-"
    ? isWritten(node.argument, holds)
    : node?.type === "Literal" && holds(node.value)

const isBigint = (node: Node | undefined): boolean =>
  isWritten(node, (value) => typeof value === "bigint") ||
  (node?.type === "CallExpression" && node.callee?.name === "BigInt")

const isExact = ({ left, right }: Node): boolean =>
  isBigint(left) ||
  isBigint(right) ||
  (left?.type === "Literal" && left.value === 2 && isWritten(right, Number.isInteger))

const message =
  "The last bits of a power are the engine's: write x * x, or take Elementary.square, powerOfTwo or pow."

const power = {
  create: (context: Context) => {
    const look = (node: Node) => {
      const isPower = node.operator === "**" || node.operator === "**="
      if (isPower && !isExact(node)) context.report({ node, message })
    }
    return { BinaryExpression: look, AssignmentExpression: look }
  },
}

export default { meta: { name: "engine" }, rules: { "no-power": power } }
