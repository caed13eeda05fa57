/** Files that can be read one after another. */
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Imports from "@nonconvex/nx-plugin/Imports"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"
import * as Circles from "../Circles.ts"
import { resolve } from "../Graph.ts"

/** Circles that the workspace may have. */
const budget = 5

const isProduct = (file: string): boolean =>
  /^(?:packages|apps)\/[^/]+\/src\//.test(file) && Imports.isSource(file)

/** The imports between the sources of the packages and apps at `root`, those of types and those on demand among them. */
export const graphOf = (root: string): Circles.ImportGraph => {
  const workspace = Workspace.read(root)
  const sources = Files.list(root).filter(isProduct)
  return new Map(
    sources.map((file) => [
      file,
      Imports.ofFile(root, file).flatMap(({ specifier }) => {
        const to = resolve(workspace, file, specifier)
        return to === undefined ? [] : [to]
      }),
    ]),
  )
}

export const circles: Check = {
  name: "circles",
  rule: `imports between source files, those of types among them, make at most ${budget} circles, and none in the lab`,
  run: async (root) => {
    const graph = graphOf(root)
    const found = Circles.find(graph)
    const inLab = found.filter((circle) => circle.some((file) => file.startsWith("apps/lab/")))
    const findings = found.length > budget ? found : inLab
    return fromFindings(
      findings.map((circle) => {
        const way = Circles.shortest(graph, circle)
        return `${[...way, way[0]!].join(" -> ")} (${circle.length} files): move to a file of its own what they need of each other`
      }),
    )
  },
}
