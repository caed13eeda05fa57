/** What the rest of the workspace has to know of a new system: the lab lists it and depends on it. */
import { readJson, type Tree, writeJson } from "@nx/devkit"
import { type ESTree, parseSync } from "vite"
import type { Manifest } from "../../Workspace.ts"

export interface Entry {
  readonly name: string
  readonly className: string
  readonly version: string
}

const list = "apps/lab/src/evidence/Composition.ts"
const manifest = "apps/lab/package.json"

/** Text that goes into a source, and where. */
interface Insertion {
  readonly at: number
  readonly text: string
}

/** The source with every insertion, each at its place in the source as it was. */
const inserted = (source: string, insertions: ReadonlyArray<Insertion>): string =>
  insertions
    .toSorted((a, b) => b.at - a.at)
    .reduce((text, { at, text: added }) => text.slice(0, at) + added + text.slice(at), source)

/** The call of `Layer.mergeAll`, on which others may be piped; undefined where there is none. */
const merged = (layer: ESTree.Expression | null | undefined): ESTree.CallExpression | undefined => {
  if (layer?.type !== "CallExpression" || layer.callee.type !== "MemberExpression") return undefined
  const { object, property } = layer.callee
  const isMerge = property.type === "Identifier" && property.name === "mergeAll"
  return isMerge ? layer : merged(object)
}

/** The source of the lab's composition with one import, one service and one layer more. */
export const extend = (source: string, { className, name }: Entry): string => {
  const { module, program } = parseSync(list, source)
  const declared = (variable: string) => {
    const statements = program.body.map((node) =>
      node.type === "ExportNamedDeclaration" ? node.declaration : node,
    )
    const init = statements
      .flatMap((node) => (node?.type === "VariableDeclaration" ? node.declarations : []))
      .find(({ id }) => id.type === "Identifier" && id.name === variable)?.init
    return init?.type === "TSAsExpression" ? init.expression : init
  }
  const missing = (what: string) =>
    new Error(`${list} declares no ${what}, so ${name} has no place in it`)
  const services = declared("services")
  if (services?.type !== "ArrayExpression") throw missing("array named services")
  const layer = merged(declared("layer"))
  if (layer === undefined) throw missing("layer that merges others")
  /** After the last of some elements, or before the bracket that closes none. */
  const append = (
    elements: ReadonlyArray<{ readonly end: number } | null>,
    close: number,
    text: string,
  ): Insertion => {
    const last = elements.at(-1)
    return last ? { at: last.end, text: `, ${text}` } : { at: close - 1, text }
  }
  return inserted(source, [
    {
      at: module.staticImports.at(-1)?.end ?? 0,
      text: `\nimport { ${className} } from "@nonconvex/${name}/evidence"`,
    },
    append(services.elements, services.end, className),
    append(layer.arguments, layer.end, `${className}.layer`),
  ])
}

/** Adds the system to the composition of the lab and to its dependencies. */
export const inLab = (tree: Tree, entry: Entry): void => {
  const source = tree.read(list, "utf8")
  if (source === null) throw new Error(`${list} is missing: there is no lab to register in`)
  tree.write(list, extend(source, entry))
  const { dependencies = {}, ...rest } = readJson<Manifest>(tree, manifest)
  const all = { ...dependencies, [`@nonconvex/${entry.name}`]: entry.version }
  const sorted = Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1))
  writeJson(tree, manifest, { ...rest, dependencies: Object.fromEntries(sorted) })
}
