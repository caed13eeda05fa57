/** The mutants of a source: each is one small wrong change, with a name that survives edits elsewhere. */
import { createHash } from "node:crypto"
import { parseSync } from "vite"
import { type Edit, editsOf, indexEdit, type Kind, type Node } from "./Edits.ts"

export interface Mutant {
  /** `<path>#<function>:<kind>:<n>`: the n-th change of this kind in the function, in the order of the source. */
  readonly id: string
  /** From the root. */
  readonly file: string
  readonly kind: Kind
  readonly line: number
  /** What stands there, and what takes its place. */
  readonly change: string
  readonly start: number
  readonly end: number
  readonly text: string
  /** A whole statement, and no expression. */
  readonly isStatement: boolean
}

/** Not of the arithmetic: types, messages of errors, and checks of inputs. */
const skipped =
  /^(?:TS(?!AsExpression|NonNullExpression|SatisfiesExpression)|ThrowStatement|Import|ExportAll)/
const typeKeys = new Set(["typeAnnotation", "returnType", "typeParameters", "typeArguments"])

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string"

const nameOf = (value: unknown): string | undefined => {
  const { name, value: literal } = value as { readonly name?: string; readonly value?: unknown }
  return name ?? (typeof literal === "string" ? literal : undefined)
}

const isFunction = (value: unknown): boolean =>
  isNode(value) && /^(?:Arrow)?Function(?:Expression)?$/.test(value.type)

/** What a node is called by, where what is in it belongs to that name. */
const scopeOf = (at: Node, isTopLevel: boolean): string | undefined => {
  switch (at.type) {
    case "ClassDeclaration":
    case "FunctionDeclaration":
      return nameOf(at["id"] ?? {})
    case "MethodDefinition":
    case "PropertyDefinition":
      return nameOf(at["key"])
    case "VariableDeclarator":
      return isTopLevel || isFunction(at["init"]) ? nameOf(at["id"]) : undefined
    case "Property":
      return isFunction(at["value"]) ? nameOf(at["key"]) : undefined
    default:
      return undefined
  }
}

/** `if (...) throw`, and the calls of Require: what refuses wrong input. */
const isGuard = (at: Node, source: string): boolean => {
  if (at.type === "IfStatement" && at["alternate"] === null) {
    const then = at["consequent"] as Node
    const [first, ...rest] =
      then.type === "BlockStatement" ? (then["body"] as ReadonlyArray<Node>) : [then]
    return first?.type === "ThrowStatement" && rest.length === 0
  }
  return (
    at.type === "ExpressionStatement" &&
    /^(?:Require\.|require[A-Z])/.test(source.slice(at.start, at.end))
  )
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim()

/** The mutants of `source`, in its order; `file` names them. */
export const mutantsOf = (file: string, source: string): ReadonlyArray<Mutant> => {
  const { program } = parseSync(file, source)
  const found: Array<Mutant> = []
  const counts = new Map<string, number>()
  const textOf = (node: Node) => source.slice(node.start, node.end)
  const add = (
    at: Node,
    { kind, text }: Edit,
    parent: Node | undefined,
    scope: ReadonlyArray<string>,
  ) => {
    const statement = [at, parent].find((node) => node?.type === "ExpressionStatement")
    const { end, start } = statement ?? at
    const name = `${file}#${scope.join(".")}:${kind}`
    const place = (counts.get(name) ?? 0) + 1
    counts.set(name, place)
    found.push({
      id: `${name}:${place}`,
      file,
      kind,
      line: source.slice(0, at.start).split("\n").length,
      change: `${oneLine(textOf(at))} -> ${oneLine(text) || "nothing"}`,
      start,
      end,
      // where statements end without a semicolon, a parenthesis would go on with the line before
      text: statement === undefined ? `(${text})` : `{ ${text} }`,
      isStatement: statement !== undefined,
    })
  }
  const visit = (at: Node, parent: Node | undefined, scope: ReadonlyArray<string>): void => {
    if (skipped.test(at.type) || isGuard(at, source)) return
    const name = scopeOf(at, scope.length === 0)
    const inside = name === undefined ? scope : [...scope, name]
    for (const edit of editsOf(at, parent, textOf)) add(at, edit, parent, inside)
    const index = indexEdit(at, parent, textOf)
    if (index !== undefined) add(at, index, parent, inside)
    for (const [key, value] of Object.entries(at)) {
      if (typeKeys.has(key) || (key === "key" && at["computed"] !== true)) continue
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child)) visit(child, at, inside)
    }
  }
  for (const statement of program.body) visit(statement as unknown as Node, undefined, [])
  return found
}

/** The source with the change made. */
export const apply = (source: string, { end, start, text }: Mutant): string =>
  source.slice(0, start) + text + source.slice(end)

/**
 * The source in which each mutant's place says that it was reached: `reached[place] = 1` for the place of the mutant in the list, offset by
 * `first`.
 */
export const instrument = (
  source: string,
  mutants: ReadonlyArray<Mutant>,
  first: number,
): string => {
  const marks = mutants.map(({ end, isStatement, start }, place) => {
    const mark = `globalThis.mutantsReached[${first + place}] = 1`
    const [text, closing] = isStatement ? [`{ ${mark}; `, " }"] : [`(${mark}, `, ")"]
    return { at: start, length: end - start, text, closing }
  })
  const insertions = marks.flatMap(({ at, closing, length, text }, order) => [
    { at, isClosing: false, length, order, text },
    { at: at + length, isClosing: true, length, order, text: closing },
  ])
  // at one place: first the closings, the innermost first; then the openings, the outermost first
  insertions.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at
    if (a.isClosing !== b.isClosing) return a.isClosing ? -1 : 1
    if (a.length !== b.length) return a.isClosing ? a.length - b.length : b.length - a.length
    return a.isClosing ? b.order - a.order : a.order - b.order
  })
  let out = ""
  let from = 0
  for (const { at, text } of insertions) {
    out += source.slice(from, at) + text
    from = at
  }
  return out + source.slice(from)
}

/** `count` of them, chosen by a hash of seed and name: an edit elsewhere leaves the choice as it is. In the order of the list. */
export const sample = (
  mutants: ReadonlyArray<Mutant>,
  count: number,
  seed: number,
): ReadonlyArray<Mutant> => {
  const rank = ({ id }: Mutant) => createHash("sha256").update(`${seed} ${id}`).digest("hex")
  const chosen = new Set(
    mutants
      .map((mutant) => ({ mutant, rank: rank(mutant) }))
      .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, count)
      .map(({ mutant }) => mutant.id),
  )
  return mutants.filter(({ id }) => chosen.has(id))
}
