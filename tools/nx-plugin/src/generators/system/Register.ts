/** What the rest of the workspace has to know of a new system: the lab lists it and depends on it. */
import { readJson, type Tree, writeJson } from "@nx/devkit"
import { parseSync } from "vite"
import type { Manifest } from "../../Workspace.ts"

export interface Entry {
  readonly name: string
  readonly version: string
}

const list = "apps/lab/src/evidence/Composition.ts"
const manifest = "apps/lab/package.json"

/** The source of the lab's composition with one line more. */
export const extend = (source: string, { name }: Entry): string => {
  const { program } = parseSync(list, source)
  const papers = program.body
    .flatMap((node) =>
      node.type === "ExportNamedDeclaration" && node.declaration?.type === "VariableDeclaration"
        ? node.declaration.declarations
        : [],
    )
    .find(({ id }) => id.type === "Identifier" && id.name === "papers")?.init
  const lines = papers?.type === "NewExpression" ? papers.arguments[0] : undefined
  if (lines?.type !== "ArrayExpression") {
    throw new Error(`${list} declares no map named papers, so ${name} has no place in it`)
  }
  const last = lines.elements.at(-1)
  const line = `["${name}", () => import("@nonconvex/${name}/evidence")]`
  const at = last ? last.end : lines.end - 1
  return `${source.slice(0, at)}${last ? `,\n  ${line}` : line}${source.slice(at)}`
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
