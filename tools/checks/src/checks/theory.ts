/** Functions of theory that no claim reads: nothing shows that they are right. */
import * as Files from "@nonconvex/nx-plugin/Files"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parseSync } from "oxc-parser"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

const theory = /^packages\/([^/]+)\/src\/theory\/.*\.ts$/

/** Claims, laws and what supports them, and known values. */
const evidence =
  /^packages\/([^/]+)\/(?:src\/evidence\/(?:claims|laws|support)\/.*|test\/theory\/knownValues)\.ts$/

/** Names of the values that a source exports; types are none. */
const exportedValues = (file: string, source: string): ReadonlyArray<string> =>
  parseSync(file, source).module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, isType, moduleRequest }) =>
      isType || moduleRequest !== null || exportName.name === null ? [] : [exportName.name],
    ),
  )

/** Tests whether a source imports from theory, directly or as the namespace `Theory`, and names `value`. */
const reads = (source: string, value: string): boolean =>
  /from "[./]*(?:src\/)?theory\/\w+\.ts"|\bTheory\b[^"]*from "/.test(source) &&
  new RegExp(`\\b${value}\\b`).test(source)

/** Claim that the docblock of a value names: `(claim least-weight-decay)`. */
const claimNamed = (source: string, value: string): string | undefined =>
  new RegExp(`\\bclaim ([a-z0-9-]+)(?:(?!\\*/)[^])*\\*/\\s*export const ${value}\\b`).exec(
    source,
  )?.[1]

/** Values exported by `file` that none of the sources of `claims` reads, and whose docblocks name none of their ids. */
export const unread = (
  file: string,
  source: string,
  claims: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  exportedValues(file, source)
    .filter((value) => {
      const named = claimNamed(source, value)
      return !claims.some(
        (claim) => reads(claim, value) || (named !== undefined && claim.includes(`/${named}"`)),
      )
    })
    .map(
      (value) =>
        `${file}: no claim reads ${value}; state a claim of it, or name the claim that reads it through a method, as (claim <name>) in its docblock`,
    )

export const theories: Check = {
  name: "theory",
  rule: "each function of src/theory is read by a claim or a law of its system, or names the claim that reads it through a method",
  run: async (root) => {
    const files = Files.list(root)
    const sourceOf = (file: string): string => readFileSync(join(root, file), "utf8")
    const claims = Map.groupBy(
      files.filter((file) => evidence.test(file)),
      (file) => evidence.exec(file)![1]!,
    )
    return fromFindings(
      files.flatMap((file) => {
        const [, system] = theory.exec(file) ?? []
        if (system === undefined) return []
        return unread(file, sourceOf(file), (claims.get(system) ?? []).map(sourceOf))
      }),
    )
  },
}
