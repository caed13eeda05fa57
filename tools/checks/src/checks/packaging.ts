/** What a package looks like once it is on npm. */
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { existsSync, readFileSync } from "node:fs"
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
      entries.every(([path]) => !path.includes("*")),
      "exports has a pattern: name the modules, so that what is public is written down",
    ),
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

/** What whoever installs a package can trace it by: its licence, where its source is, and that its publishing is attested. */
export const originProblems = (
  { folder, manifest }: Pick<Workspace.Package, "folder" | "manifest">,
  { license, url }: { readonly license: string; readonly url: string | undefined },
  read: (path: string) => string | undefined,
): ReadonlyArray<string> => {
  const { publishConfig, repository } = manifest
  const problem = (holds: boolean, text: string): ReadonlyArray<string> => (holds ? [] : [text])
  return [
    ...problem(read(`${folder}/LICENSE`) === license, "LICENSE is not that of the workspace"),
    ...problem(
      url !== undefined && repository?.url === url && repository.directory === folder,
      `repository is not ${url} with the directory ${folder}`,
    ),
    ...problem(
      publishConfig?.provenance === true && publishConfig.access === "public",
      "publishConfig does not ask for public access and provenance",
    ),
  ]
}

const publintProblems = async (folder: string): Promise<ReadonlyArray<string>> => {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: "npm", strict: true })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

/** What `packaging` decides, of some folders alone; of none given of all. */
export const packagingOf =
  (...folders: ReadonlyArray<string>): Check["run"] =>
  async (root) => {
    const packages = Workspace.read(root).packages.filter(
      ({ folder, manifest }) =>
        manifest.private !== true && (folders.length === 0 || folders.includes(folder)),
    )
    const read = (path: string): string | undefined =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined
    const { repository } = JSON.parse(read("package.json")!) as Workspace.Manifest
    const origin = { license: read("LICENSE")!, url: repository?.url }
    const findings = await Promise.all(
      packages.map(async (p) => {
        const folder = join(root, p.folder)
        const problems = [
          ...manifestProblems(p),
          ...originProblems(p, origin, read),
          ...(existsSync(join(folder, "README.md")) ? [] : ["README.md is missing"]),
          ...(await publintProblems(folder)),
        ]
        return problems.map((text) => `${p.folder}/package.json: ${text}`)
      }),
    )
    return fromFindings(findings.flat())
  }

export const packaging: Check = {
  name: "packaging",
  rule: "every publishable package is what its package.json promises (publint, and our rules)",
  after: ["types"],
  run: packagingOf(),
}
