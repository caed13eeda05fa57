/** Boundaries between packages, and imports that an installed package would not find. */
import * as Boundaries from "@nonconvex/nx-plugin/Boundaries"
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Imports from "@nonconvex/nx-plugin/Imports"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

/** What is wrong with one import, or undefined. */
type Rule = (
  workspace: Workspace.Workspace,
  file: string,
  found: Imports.Import,
) => string | undefined

/** One finding for each import in the sources that breaks `rule`: `file:line message`. */
const everyImport = async (root: string, rule: Rule) => {
  const workspace = Workspace.read(root)
  return fromFindings(
    Files.list(root)
      .filter(Imports.isSource)
      .flatMap((file) =>
        Imports.ofFile(root, file).flatMap((found) => {
          const problem = rule(workspace, file, found)
          return problem === undefined ? [] : [`${file}:${found.line} ${problem}`]
        }),
      ),
  )
}

export const boundaries: Check = {
  name: "boundaries",
  rule: "app -> bridge -> system -> core, inside core runner -> evidence -> problems -> numerics, no way back",
  run: (root) => everyImport(root, Boundaries.violation),
}

/** A package whose users get `src`: what is imported there has to arrive with it. */
const ships = ({ folder, manifest }: Workspace.Package, file: string): boolean =>
  manifest.private !== true && file.startsWith(`${folder}/src/`)

const unpublishedImport: Rule = (workspace, file, { specifier }) => {
  const name = Imports.packageName(specifier)
  if (name === undefined) return undefined
  const own = Workspace.owner(workspace, file)
  const manifest = own?.manifest ?? workspace.manifest
  if (name === manifest.name || name in Workspace.published(manifest)) return undefined
  if (own !== undefined && ships(own, file)) {
    return `${name} is not in the dependencies or peerDependencies of ${own.folder}/package.json`
  }
  if (name in { ...manifest.devDependencies }) return undefined
  // Tests and tools run only here, where the root's own tools are installed.
  if (workspace.manifest.devDependencies?.[name] !== undefined) return undefined
  const target = workspace.packages.find((p) => p.name === name)
  if (target?.layer === "tool" && own?.layer === "tool") return undefined
  return `${name} is in no package.json that ${file} can rely on`
}

export const published: Check = {
  name: "imports",
  rule: "sources import only what their package.json promises; devDependencies serve tests alone",
  run: (root) => everyImport(root, unpublishedImport),
}
