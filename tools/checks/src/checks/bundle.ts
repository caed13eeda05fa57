/** What a browser gets: bundles of sources without any external. */
import { gzipSync } from "node:zlib"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { build, type BuildFailure } from "esbuild"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

export interface Bundle {
  readonly name: string
  /** Packages of the workspace that it takes, by folder name. */
  readonly of: ReadonlyArray<string>
  readonly code: string
  /** Bytes after gzip; default any number. */
  readonly limit?: number
}

const bundles: ReadonlyArray<Bundle> = [
  {
    name: "sam with sgd",
    of: ["optim-sam", "problems"],
    code: `export { sam } from "@nonconvex/optim-sam"\nexport { sgd } from "@nonconvex/problems/Sgd"`,
    limit: 30_000,
  },
  { name: "numerics", of: ["numerics"], code: `export * from "@nonconvex/numerics"` },
  { name: "problems", of: ["problems"], code: `export * from "@nonconvex/problems"` },
]

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

export const bundle: Check = {
  name: "bundle",
  rule: "browsers load the methods: they bundle without externals, sam with sgd in 30 kB",
  run: async (root) => {
    const present = Workspace.read(root).packages.map((p) => p.short)
    const complete = bundles.filter(({ of }) => of.every((name) => present.includes(name)))
    const findings = await Promise.all(complete.map((one) => problems(root, one)))
    return fromFindings(findings.flat())
  },
}
