/** Claims, laws, errata and experiments that are found by the name of their file. */
import * as Files from "@nonconvex/nx-plugin/Files"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

const room = /^packages\/([^/]+)\/src\/evidence\/(?:claims|laws|errata|experiments)\/(\w+)\.ts$/

/** `optim-sam/normalised-step-length`, or the part after the system, as a file is named. */
const fileName = (id: string): string =>
  id
    .slice(id.indexOf("/") + 1)
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("")

/** What is wrong with a file in a room of definitions: it must say the one id that it is named by. */
export const misnamed = (
  file: string,
  system: string,
  name: string,
  text: string,
): string | undefined => {
  const literals = [...text.matchAll(/"([a-z0-9-]+(?:\/[a-z0-9-]+)?)"/g)].map(
    ([, literal]) => literal!,
  )
  const defined = [...text.matchAll(/^ {2,4}id: "([^"]+)"/gm)]
    .map(([, id]) => id!)
    .filter((id) => id.startsWith(`${system}/`))
  const others = defined.filter((id) => fileName(id) !== name)
  if (others.length > 0) return `${file}: it defines ${others.join(", ")}, whose file is another`
  return literals.some((literal) => fileName(literal) === name)
    ? undefined
    : `${file}: it defines nothing of this name; what several definitions use belongs in support/`
}

export const ids: Check = {
  name: "ids",
  rule: "a claim, a law, an erratum and an experiment stand each in a file that is named by their id",
  run: async (root) =>
    fromFindings(
      Files.list(root).flatMap((file) => {
        const [, system, name] = room.exec(file) ?? []
        if (name === undefined || name === "index") return []
        return misnamed(file, system!, name, readFileSync(join(root, file), "utf8")) ?? []
      }),
    ),
}
