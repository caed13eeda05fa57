/** Source files of claims, errata and experiments at the commit of a report, on the web. */
import * as FileName from "../FileName.ts"
import { Effect, FileSystem } from "effect"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

/** Address of the source of a claim, an erratum or an experiment, by its id. */
export type Code = (id: string) => string | undefined

const require = createRequire(import.meta.url)

interface Manifest {
  readonly version: string
  readonly repository: { readonly url: string }
}

const { repository: named, version } = require("@nonconvex/lab/package.json") as Manifest

/** Version of this program. */
export { version }

/** The repository of the project. */
export const repository = named.url.replace(/^git\+/, "").replace(/\.git$/, "")

const rooms = ["claims", "laws", "errata", "experiments"]

/** The folder of the evidence of a system; undefined for a system that is not of this project. */
const folderOf = (system: string): string | undefined => {
  try {
    return join(dirname(require.resolve(`@nonconvex/${system}/package.json`)), "src/evidence")
  } catch {
    return undefined
  }
}

/** The package of a system at a commit, on the web. */
export const packageAt = (system: string, commit = "main"): string =>
  `${repository}/tree/${commit}/packages/${system}`

/** Sources of these systems at a commit; at the main branch if the commit is unknown. */
export const at = Effect.fnUntraced(function* (systems: ReadonlyArray<string>, commit = "main") {
  const fs = yield* FileSystem.FileSystem
  const known = new Map<string, string>()
  for (const system of systems) {
    const folder = folderOf(system)
    if (folder === undefined) continue
    for (const room of rooms) {
      const files = yield* Effect.orElseSucceed(fs.readDirectory(join(folder, room)), () => [])
      for (const file of files) known.set(`${system}/${file}`, `${room}/${file}`)
    }
  }
  const code: Code = (id) => {
    const [system = ""] = id.split("/")
    const file = known.get(`${system}/${FileName.ofId(id)}.ts`)
    return file === undefined
      ? undefined
      : `${repository}/blob/${commit}/packages/${system}/src/evidence/${file}`
  }
  return code
})
