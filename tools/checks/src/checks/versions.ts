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
  rule: "package and version in src/evidence/system.ts of a system are those of its package.json",
  run: async (root) =>
    fromFindings(
      Workspace.read(root)
        .packages.filter((p) => p.layer === "system")
        .flatMap(({ folder, manifest }) => {
          const file = `${folder}/src/evidence/system.ts`
          if (!existsSync(join(root, file))) return []
          const found = problems(readFileSync(join(root, file), "utf8"), manifest)
          return found.map((problem) => `${file}: ${problem}`)
        }),
    ),
}
