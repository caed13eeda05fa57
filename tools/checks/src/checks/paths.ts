/** What is committed works in any clone: it names no place outside of the repository. */
import * as Files from "@nonconvex/nx-plugin/Files"
import { readFileSync } from "node:fs"
import { join, posix } from "node:path"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

/** Folders that belong to one machine. System folders (`usr`, `opt`, `dev`) are the same on all. */
const homes = ["home", "root", "Users", "tmp", "work", "workspace", "mnt"]
const absolute = new RegExp(String.raw`(?<![\w.@/:})\]*-])/(?:${homes.join("|")})/[\w.-]+`, "g")

/** A path that climbs, as it stands in code, configuration or a link. */
const climbing = /(?<![\w./*@-])(?:\.\/)?(?:\.\.\/)+[\w@.-]*/g

/** The places that one line of `file` names outside of the repository. */
export const outside = (file: string, line: string): ReadonlyArray<string> => [
  ...[...line.matchAll(absolute)].map(([path]) => path),
  ...[...line.matchAll(climbing)]
    .map(([path]) => path)
    .filter((path) => posix.join(posix.dirname(file), path).startsWith("..")),
]

const isText = (content: Buffer): boolean => !content.subarray(0, 8000).includes(0)

export const paths: Check = {
  name: "paths",
  rule: "nothing committed names a path outside of the repository",
  run: async (root) =>
    fromFindings(
      Files.list(root).flatMap((file) => {
        const content = readFileSync(join(root, file))
        if (!isText(content) || file === "package-lock.json") return []
        return content
          .toString()
          .split("\n")
          .flatMap((line, index) =>
            outside(file, line).map((path) => `${file}:${index + 1} ${path}`),
          )
      }),
    ),
}
