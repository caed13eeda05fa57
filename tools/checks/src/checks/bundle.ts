/** What a browser gets: bundles of sources without any external. */
import { posix } from "node:path"
import { gzipSync } from "node:zlib"
import * as Exports from "@nonconvex/nx-plugin/Exports"
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { build, type BuildFailure } from "esbuild"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"
import { isLight } from "./entries.ts"

export interface Bundle {
  readonly name: string
  /** Packages of the workspace that it takes, by folder name. */
  readonly of: ReadonlyArray<string>
  readonly code: string
  /** Bytes after gzip; default any number. */
  readonly limit?: number
}

const sam: Bundle = {
  name: "sam with sgd",
  of: ["optim-sam", "problems"],
  code: `export { sam } from "@nonconvex/optim-sam"\nexport { sgd } from "@nonconvex/problems/Sgd"`,
  limit: 30_000,
}

/** Modules that start processes and threads of Node, and the packages that open files and databases and load compiled modules. */
const ofNode: ReadonlyArray<string> = [
  "@nonconvex/native",
  "@nonconvex/numerics/SharedKernels",
  "@nonconvex/numerics/WideVectors",
  "@nonconvex/problems/Resumption",
  "@nonconvex/store",
]

/** All that browsers load in one bundle: the entry of each system and of the bridge, and each module of numerics and problems. */
export const everyEntry = (
  packages: ReadonlyArray<Workspace.Package>,
  files: ReadonlyArray<string>,
): Bundle => {
  const light = packages.filter((self) => isLight(self) || self.layer === "bridge")
  const entries = light.flatMap(({ folder, layer, manifest, name }) => {
    const inside = files
      .filter((file) => file.startsWith(`${folder}/src/`))
      .map((file) => `./${posix.relative(folder, file)}`)
    return Exports.subpaths(manifest, inside)
      .filter((subpath) => layer === "core" || subpath === "." || subpath === "./operations")
      .map((subpath) => posix.join(name, subpath))
      .filter((entry) => !ofNode.includes(entry))
  })
  const code = entries.map((entry, i) => `export * as entry${i} from "${entry}"`).join("\n")
  return { name: "every entry", of: [], code }
}

/** Why a bundle cannot be, or is too large. */
export const problems = async (
  root: string,
  { code, limit = Infinity, name }: Bundle,
): Promise<ReadonlyArray<string>> => {
  try {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: root, loader: "ts" },
      absWorkingDir: root,
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      conditions: ["source"],
      write: false,
      logLevel: "silent",
    })
    const size = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0)
    return size <= limit
      ? []
      : [
          `${name}: ${size} bytes after gzip, more than ${limit}: import effect by module, and look what came along`,
        ]
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>
    if (errors.length === 0) throw error
    return errors.map(({ location, text }) => `${name}: ${location?.file ?? "the entry"}: ${text}`)
  }
}

/** What `bundle` decides, of the entries below some folders alone; of none given of all, and of what is small. */
export const bundleOf =
  (...folders: ReadonlyArray<string>): Check["run"] =>
  async (root) => {
    const { packages } = Workspace.read(root)
    const asked = packages.filter(({ folder }) => folders.length === 0 || folders.includes(folder))
    const present = packages.map((p) => p.short)
    const bundles = [...(folders.length === 0 ? [sam] : []), everyEntry(asked, Files.list(root))]
    const complete = bundles.filter(({ of }) => of.every((name) => present.includes(name)))
    const findings = await Promise.all(complete.map((each) => problems(root, each)))
    return fromFindings([...new Set(findings.flat())])
  }

export const bundle: Check = {
  name: "bundle",
  rule: "browsers load the methods: every entry bundles without externals, sam with sgd in 30 kB",
  run: bundleOf(),
}
