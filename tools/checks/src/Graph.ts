/** What importing a module loads: the modules of the workspace, and what lies outside of it. Types load nothing. */
import { isBuiltin } from "node:module"
import { existsSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import * as Exports from "@nonconvex/nx-plugin/Exports"
import * as Imports from "@nonconvex/nx-plugin/Imports"
import type { Workspace } from "@nonconvex/nx-plugin/Workspace"

export interface Graph {
  /** Files from the root, each with the file that imports it first; the entry with itself. */
  readonly modules: ReadonlyMap<string, string>
  /** Specifiers of packages and builtins outside of the workspace, each with the file that imports it first. */
  readonly outside: ReadonlyMap<string, string>
  /** Imports that lead nowhere: `file: specifier`. */
  readonly broken: ReadonlyArray<string>
}

/** The file that `specifier` means in `file`; undefined outside of the workspace. */
export const resolve = (
  workspace: Workspace,
  file: string,
  specifier: string,
): string | undefined => {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(file), specifier)
  const name = isBuiltin(specifier) ? undefined : Imports.packageName(specifier)
  const to = workspace.packages.find((p) => p.name === name)
  if (to === undefined) return undefined
  const source = Exports.source(to.manifest, `.${specifier.slice(to.name.length)}`)
  return posix.join(to.folder, source ?? `nothing exports ${specifier}`)
}

/** Gives the graphs of entries in the workspace at `root`; a file is read once for all of them. */
export const grapher = (root: string, workspace: Workspace): ((entry: string) => Graph) => {
  const known = new Map<string, ReadonlyArray<string>>()
  const importsOf = (file: string): ReadonlyArray<string> => {
    const cached = known.get(file)
    if (cached !== undefined) return cached
    const found = Imports.isSource(file)
      ? Imports.loaded(file, readFileSync(join(root, file), "utf8"))
      : []
    known.set(file, found)
    return found
  }
  return (entry) => {
    const modules = new Map([[entry, entry]])
    const outside = new Map<string, string>()
    const broken: Array<string> = []
    for (const file of modules.keys()) {
      for (const specifier of importsOf(file)) {
        const to = resolve(workspace, file, specifier)
        if (to === undefined) {
          if (!outside.has(specifier)) outside.set(specifier, file)
        } else if (!existsSync(join(root, to))) broken.push(`${file}: ${specifier}`)
        else if (!modules.has(to)) modules.set(to, file)
      }
    }
    return { modules, outside, broken }
  }
}
