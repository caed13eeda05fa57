/** What it costs to import a package, and what must not come along. */
import { isBuiltin } from "node:module"
import { existsSync } from "node:fs"
import { join, posix } from "node:path"
import * as Exports from "@nonconvex/nx-plugin/Exports"
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Imports from "@nonconvex/nx-plugin/Imports"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"
import { type Graph, grapher } from "../Graph.ts"

/** Entries of a package for those who use one algorithm: its functions, and what they call on their own data. */
const entriesOf = [".", "./operations"] as const
type Entry = (typeof entriesOf)[number]

/** How many modules of the workspace an entry may load, rounded up: one more module is no failure, a whole layer is. That of `./operations` is under 150. */
const budgets: Readonly<Record<Entry, number>> = { ".": 130, "./operations": 149 }
const smaller: Readonly<Record<string, number>> = { "optim-sam": 105 }

const budgetOf = (short: string, entry: Entry): number =>
  entry === "." ? (smaller[short] ?? budgets[entry]) : budgets[entry]

/** Core packages that browsers load as they do the systems. */
const everywhere: ReadonlyArray<string> = ["numerics", "problems", "worst-case"]

/** What the laboratory needs and a user of one algorithm does not. */
const laboratory = {
  workspace: ["evidence", "datasets", "figures", "runner"],
  outside: ["fast-check", "csv-parse"],
} as const

/** Whether a package is for the user of one algorithm, wherever that runs. */
export const isLight = ({ layer, short }: Workspace.Package) =>
  layer === "system" || everywhere.includes(short)

/** Faults of the graph of an entry of a package. */
export const problems = (
  self: Workspace.Package,
  { modules, outside }: Graph,
  entry: Entry = ".",
) => {
  const budget = budgetOf(self.short, entry)
  const heavy = [...modules].find(
    ([file]) =>
      file.startsWith(`${self.folder}/src/evidence/`) ||
      laboratory.workspace.some((name) => file.startsWith(`packages/${name}/`)),
  )
  return [
    ...((self.layer === "system" || entry === "./operations") && modules.size > budget
      ? [`loads ${modules.size} modules of the workspace, more than ${budget}`]
      : []),
    ...(heavy === undefined ? [] : [`loads ${heavy[0]}, by ${heavy[1]}`]),
    ...[...outside].flatMap(([specifier, file]) => {
      const name = Imports.packageName(specifier)
      const isRefused =
        isBuiltin(specifier) || laboratory.outside.some((refused) => refused === name)
      return isRefused ? [`loads ${specifier}, by ${file}`] : []
    }),
  ]
}

export const entries: Check = {
  name: "entries",
  rule: "every entry loads what is there; those for one algorithm are light, and free of the laboratory and of Node",
  run: async (root) => {
    const workspace = Workspace.read(root)
    const graphOf = grapher(root, workspace)
    const all = Files.list(root)
    const findings = workspace.packages
      .filter((p) => p.layer !== "tool")
      .flatMap((self) => {
        const inside = all
          .filter((file) => file.startsWith(`${self.folder}/src/`))
          .map((file) => `./${posix.relative(self.folder, file)}`)
        return Exports.subpaths(self.manifest, inside).flatMap((subpath) => {
          const file = posix.join(self.folder, Exports.source(self.manifest, subpath)!)
          if (!existsSync(join(root, file))) return [`${self.name} ${subpath} has no ${file}`]
          const graph = graphOf(file)
          const entry = entriesOf.find((each) => each === subpath)
          const found = entry !== undefined && isLight(self) ? problems(self, graph, entry) : []
          return [
            ...graph.broken.map((place) => `${place} leads nowhere`),
            ...found.map((problem) => `${self.name} ${subpath} ${problem}`),
          ]
        })
      })
    return fromFindings([...new Set(findings)])
  },
}
