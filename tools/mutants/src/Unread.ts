/** Which functions of theory no claim reads: nothing shows that they are right. */
import { parseSync } from "vite"
import { claimsOf, sourceOf, theoryOf } from "./Files.ts"

/** The names of the values that a source exports; types are none. */
export const exportedValues = (file: string, source: string): ReadonlyArray<string> =>
  parseSync(file, source).module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, isType, moduleRequest }) =>
      isType || moduleRequest !== null || exportName.name === null ? [] : [exportName.name],
    ),
  )

/** Whether a source imports from theory, itself or as the namespace `Theory`, and names `value`. */
const reads = (source: string, value: string): boolean =>
  /from "[./]*(?:src\/)?theory\/\w+\.ts"|\bTheory\b[^"]*from "/.test(source) &&
  new RegExp(`\\b${value}\\b`).test(source)

/** Of the values that `theory` exports those that none of the sources of `claims` reads: `<file>: <name>`. */
export const unread = (
  theory: Readonly<Record<string, string>>,
  claims: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  Object.entries(theory).flatMap(([file, source]) =>
    exportedValues(file, source)
      .filter((value) => !claims.some((claim) => reads(claim, value)))
      .map((value) => `${file}: no claim reads ${value}`),
  )

/** The same of a system: of its theory, and of its claims, its laws and what supports them. */
export const unreadOf = (system: string): ReadonlyArray<string> =>
  unread(
    Object.fromEntries(theoryOf(system).map((file) => [file, sourceOf(file)])),
    claimsOf(system).map(sourceOf),
  )
