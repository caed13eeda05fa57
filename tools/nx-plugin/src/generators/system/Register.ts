/** What the rest of the workspace has to know of a new system: the lab lists it and depends on it. */
import { readJson, type Tree, writeJson } from "@nx/devkit"
import { parseSync } from "vite"
import type { Manifest } from "../../Workspace.ts"

export interface Entry {
  readonly name: string
  readonly className: string
  readonly version: string
}

const list = "apps/lab/src/Systems.ts"
const manifest = "apps/lab/package.json"

/** The source of the lab's list with one import and one element more. */
export const extend = (source: string, { className, name }: Entry): string => {
  const { module, program } = parseSync(list, source)
  const systems = program.body
    .flatMap((node) => (node.type === "VariableDeclaration" ? node.declarations : []))
    .find(({ id }) => id.type === "Identifier" && id.name === "systems")?.init
  if (systems?.type !== "ArrayExpression")
    throw new Error(`${list} declares no array named systems, so ${name} has no place in it`)
  const imports = module.staticImports.at(-1)?.end ?? 0
  const separator = systems.elements.length === 0 ? "" : ", "
  const last = systems.elements.at(-1)?.end ?? systems.start + 1
  return [
    source.slice(0, imports),
    `\nimport { ${className} } from "@nonconvex/${name}"`,
    source.slice(imports, last),
    `${separator}live(${className}, ${className}.layer)`,
    source.slice(last),
  ].join("")
}

/** Adds the system to the list of the lab and to its dependencies. */
export const inLab = (tree: Tree, entry: Entry): void => {
  const source = tree.read(list, "utf8")
  if (source === null) throw new Error(`${list} is missing: there is no lab to register in`)
  tree.write(list, extend(source, entry))
  const { dependencies = {}, ...rest } = readJson<Manifest>(tree, manifest)
  const all = { ...dependencies, [`@nonconvex/${entry.name}`]: entry.version }
  const sorted = Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1))
  writeJson(tree, manifest, { ...rest, dependencies: Object.fromEntries(sorted) })
}
