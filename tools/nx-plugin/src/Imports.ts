/** The module specifiers that a source file names: imports, re-exports, dynamic imports, type queries. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parseSync, Visitor } from "vite"

export interface Import {
  readonly specifier: string
  /** The line of the specifier, from 1. */
  readonly line: number
}

const typesOnly = /^(?:import|export)\s+type\s+(?!from\b)/

/**
 * The specifiers that are loaded where `source` is: static imports and re-exports, but not those of types alone. (One that names its
 * types one by one, `import { type A }`, is loaded all the same.)
 */
export const loaded = (file: string, source: string): ReadonlyArray<string> => {
  const { module } = parseSync(file, source)
  const isLoaded = ({ start, end }: { readonly start: number; readonly end: number }) =>
    !typesOnly.test(source.slice(start, end))
  return [
    ...module.staticImports.filter(isLoaded).map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.filter(isLoaded).flatMap(({ entries }) => {
      const request = entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest
      return request ? [request.value] : []
    }),
  ]
}

/** What `import("module").Type` has behind its first word: the tree, which takes most of the time, is read only for its sake. */
const mayQueryTypes = /\bimport\s*[(/]/

/** Every specifier of `source`; a computed dynamic import has none and is left out. */
export const parse = (file: string, source: string): ReadonlyArray<Import> => {
  const result = parseSync(file, source)
  const { module } = result
  const found: Array<{ readonly value: string; readonly start: number }> = []
  for (const { moduleRequest } of module.staticImports) found.push(moduleRequest)
  for (const { entries } of module.staticExports) {
    const request = entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest
    if (request) found.push(request)
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const text = source.slice(moduleRequest.start, moduleRequest.end)
    if (/^(["'`])[^$]*\1$/s.test(text))
      found.push({ value: text.slice(1, -1), start: moduleRequest.start })
  }
  if (mayQueryTypes.test(source)) {
    new Visitor({
      TSImportType: ({ source: { value, start } }) => {
        found.push({ value, start })
      },
    }).visit(result.program)
  }
  return found
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, value }) => ({
      specifier: value,
      line: source.slice(0, start).split("\n").length,
    }))
}

/** Every specifier of the file at `file`, a path from `root`. */
export const ofFile = (root: string, file: string): ReadonlyArray<Import> =>
  parse(file, readFileSync(join(root, file), "utf8"))

/** The package of a bare specifier (`effect/Stream` -> `effect`), or undefined for a path or a built-in. */
export const packageName = (specifier: string): string | undefined => {
  if (/^(?:\.|\/|#|node:|virtual:)/.test(specifier)) return undefined
  const parts = specifier.split("/")
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]
}

/** Whether the file holds code whose imports count. */
export const isSource = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file)
