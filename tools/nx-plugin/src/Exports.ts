/** The entries of a package: what its package.json exports, and from which source. */
import type { Manifest } from "./Workspace.ts"

/** One key of `exports`, which may hold a star, and its source; undefined where it hides what it matches. */
interface Rule {
  readonly path: string
  readonly source: string | undefined
}

const rulesOf = ({ exports = {} }: Manifest): ReadonlyArray<Rule> =>
  Object.entries(exports)
    .map(([path, target]) => ({
      path,
      source:
        typeof target === "object" && target !== null ? target["source"] : (target ?? undefined),
    }))
    // the most specific one decides: the longest before its star, as Node has it
    .toSorted((a, b) => before(b.path).length - before(a.path).length)

const before = (path: string): string => path.split("*")[0]!

/** What the star of `path` stands for in `subpath`; "" for an exact match, undefined where it does not match. */
const matched = (path: string, subpath: string): string | undefined => {
  if (!path.includes("*")) return path === subpath ? "" : undefined
  const [head, tail] = path.split("*") as [string, string]
  return subpath.length >= path.length && subpath.startsWith(head) && subpath.endsWith(tail)
    ? subpath.slice(head.length, subpath.length - tail.length)
    : undefined
}

/** The source of a subpath such as "." or "./Lanczos", from the package's folder; undefined where it is not exported. */
export const source = (manifest: Manifest, subpath: string): string | undefined => {
  for (const rule of rulesOf(manifest)) {
    const star = matched(rule.path, subpath)
    if (star !== undefined) return rule.source?.replace("*", star)
  }
  return undefined
}

/** Every subpath that is exported, of the files that are there (from the package's folder, "./src/index.ts"). */
export const subpaths = (manifest: Manifest, files: ReadonlyArray<string>): ReadonlyArray<string> =>
  rulesOf(manifest)
    .flatMap(({ path, source: from }) => {
      if (from === undefined) return []
      if (!path.includes("*")) return [path]
      return files.flatMap((file) => {
        const star = matched(from, file)
        return star === undefined ? [] : [path.replace("*", star)]
      })
    })
    .filter(
      (subpath, i, all) => all.indexOf(subpath) === i && source(manifest, subpath) !== undefined,
    )
    .toSorted()
