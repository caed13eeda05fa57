/** Modules of some packages, loaded anew with some of their sources replaced; nothing is written to disk, and all else is loaded once. */
import { readFileSync } from "node:fs"
import { registerHooks, stripTypeScriptTypes } from "node:module"
import { fileURLToPath } from "node:url"

export interface Replaced {
  /** Folders whose modules are loaded anew, as URLs that end in a slash. */
  readonly folders: ReadonlyArray<string>
  /** By URL, the TypeScript that takes the place of a file's. */
  readonly sources: ReadonlyMap<string, string>
}

const mark = "?graph="

/** Installs the hooks in this thread; each call of the result imports `url` into a graph of its own. */
export const freshGraphs = (): ((url: string, replaced: Replaced) => Promise<unknown>) => {
  const stripped = new Map<string, string>()
  let current: Replaced = { folders: [], sources: new Map() }
  let graph = 0
  const plain = (url: string): string => {
    const known = stripped.get(url)
    if (known !== undefined) return known
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"))
    stripped.set(url, source)
    return source
  }
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context)
      const isFresh =
        resolved.url.endsWith(".ts") &&
        current.folders.some((folder) => resolved.url.startsWith(folder))
      return isFresh ? { ...resolved, url: `${resolved.url}${mark}${graph}` } : resolved
    },
    load: (url, context, next) => {
      const end = url.indexOf(mark)
      if (end < 0) return next(url, context)
      const file = url.slice(0, end)
      const replacement = current.sources.get(file)
      const source = replacement === undefined ? plain(file) : stripTypeScriptTypes(replacement)
      return { format: "module", shortCircuit: true, source }
    },
  })
  return (url, replaced) => {
    current = replaced
    graph += 1
    return import(url)
  }
}
