/** A job names a system by package and version, so what the system says of itself must be true. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

/** What the text of a system states otherwise than its package.json. */
export const problems = (
  text: string,
  { name = "", version = "" }: Workspace.Manifest,
): ReadonlyArray<string> =>
  Object.entries({ package: name, version }).flatMap(([field, expected]) => {
    const stated = new RegExp(String.raw`^\s*${field}: "([^"]*)"`, "m").exec(text)?.[1]
    return stated === expected
      ? []
      : [`${field} is ${stated ?? "not stated"}, and ${expected} in package.json`]
  })

export const versions: Check = {
  name: "versions",
  rule: "package and version in the system.ts of a package are those of its package.json",
  run: async (root) =>
    fromFindings(
      Workspace.read(root)
        .packages.flatMap((self) =>
          ["evidence", "operations"].map((room) => ({
            ...self,
            file: `${self.folder}/src/${room}/system.ts`,
          })),
        )
        .filter(({ file }) => existsSync(join(root, file)))
        .flatMap(({ file, manifest }) => {
          const found = problems(readFileSync(join(root, file), "utf8"), manifest)
          return found.map((problem) => `${file}: ${problem}`)
        }),
    ),
}
