/** What a package looks like once it is on npm. */
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

/** The rules of the house for a package.json, beyond what publint asks. */
export const manifestProblems = ({ layer, manifest }: Workspace.Package): ReadonlyArray<string> => {
  const problem = (holds: boolean, text: string): ReadonlyArray<string> => (holds ? [] : [text])
  const entries = Object.entries(manifest.exports ?? {})
  return [
    ...problem(layer !== undefined, "nx.tags holds not exactly one type:core, system, bridge, app"),
    ...problem(manifest.license === "MIT", "license is not MIT"),
    ...problem(manifest.type === "module", "type is not module"),
    ...problem(manifest.files !== undefined, "files is missing"),
    ...problem((manifest.description ?? "") !== "", "description is missing"),
    ...problem(entries.length > 0, "exports is missing"),
    ...problem(
      manifest.dependencies?.["effect"] === undefined,
      "effect is a dependency: two copies of it do not know each other's services, make it a peer",
    ),
    ...entries.flatMap(([path, target]) => {
      if (typeof target === "string" || target === null) return []
      const conditions = Object.keys(target).join(", ")
      return problem(
        conditions === "source, types, default",
        `exports["${path}"] has conditions ${conditions} in place of source, types, default`,
      )
    }),
  ]
}

const publintProblems = async (folder: string): Promise<ReadonlyArray<string>> => {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: "npm", strict: true })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

export const packaging: Check = {
  name: "packaging",
  rule: "every publishable package is what its package.json promises (publint, and our rules)",
  after: ["types"],
  run: async (root) => {
    const packages = Workspace.read(root).packages.filter((p) => p.manifest.private !== true)
    const findings = await Promise.all(
      packages.map(async (p) => {
        const folder = join(root, p.folder)
        const problems = [
          ...manifestProblems(p),
          ...(existsSync(join(folder, "README.md")) ? [] : ["README.md is missing"]),
          ...(await publintProblems(folder)),
        ]
        return problems.map((text) => `${p.folder}/package.json: ${text}`)
      }),
    )
    return fromFindings(findings.flat())
  },
}
