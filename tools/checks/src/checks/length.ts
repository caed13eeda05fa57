/** Files that a reader can hold in the head. */
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Imports from "@nonconvex/nx-plugin/Imports"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Check } from "../Check.ts"
import { fromWarnings } from "../Check.ts"

const limit = 400

/** A generated file says so in its first lines. */
const isGenerated = (lines: ReadonlyArray<string>): boolean =>
  lines.slice(0, 3).some((line) => /\bgenerated\b/i.test(line))

export const length: Check = {
  name: "length",
  rule: `a source file of more than ${limit} lines is named, unless its head says that it is generated`,
  run: async (root) =>
    fromWarnings(
      Files.list(root)
        .filter(Imports.isSource)
        .flatMap((file) => {
          const lines = readFileSync(join(root, file), "utf8").trimEnd().split("\n")
          return lines.length > limit && !isGenerated(lines)
            ? [`${file}: ${lines.length} lines; it is probably two concepts`]
            : []
        }),
    ),
}
