/** Which package may import which: `app -> bridge -> system -> core`, and an order inside core. */
import { posix } from "node:path"
import * as Exports from "./Exports.ts"
import type { Import } from "./Imports.ts"
import { packageName } from "./Imports.ts"
import type { Layer, Package, Workspace } from "./Workspace.ts"
import { owner } from "./Workspace.ts"

const below: Readonly<Record<Layer, ReadonlyArray<Layer>>> = {
  app: ["bridge", "system", "core"],
  bridge: ["system", "core"],
  system: ["core"],
  core: [],
  tool: ["tool"],
}

/** Inside core, by folder name. A new core package is added here, with what it stands on. */
const core: Readonly<Record<string, ReadonlyArray<string>>> = {
  numerics: [],
  problems: ["numerics"],
  datasets: ["numerics"],
  figures: ["numerics"],
  "worst-case": ["numerics", "problems"],
  interchange: ["numerics", "problems", "datasets"],
  evidence: ["numerics", "problems", "figures", "datasets"],
  runner: ["numerics", "problems", "figures", "datasets", "evidence"],
}

/** The tools that measure or show the packages, and so import them. */
const onTop: ReadonlyArray<string> = ["docs", "mutants", "peers"]

/** Undefined when `from` may import `to`, else the reason why not. */
export const objection = (from: Package, to: Package): string | undefined => {
  if (from.name === to.name) return undefined
  if (from.layer === undefined) return `${from.short} has no single tag type:...`
  if (to.layer === undefined) return `${to.short} has no single tag type:...`
  if (from.layer === "core" && to.layer === "core") {
    return (core[from.short] ?? []).includes(to.short)
      ? undefined
      : `inside core, ${from.short} may import ${core[from.short]?.join(", ") || "nothing"}`
  }
  if (from.layer === "tool" && onTop.includes(from.short)) return undefined
  return below[from.layer].includes(to.layer)
    ? undefined
    : `${from.layer} may not import ${to.layer}`
}

/**
 * Tools share code as the folders of one package would, a vitest.config.ts takes its settings from them, and a compiled loop takes the vectors of the
 * kernels, which AssemblyScript finds by path.
 */
const mayLeave = (from: Package, file: string, target: string): boolean => {
  if (from.layer === "tool") return target.startsWith("tools/")
  if (file.endsWith(".kernel.ts")) return target.startsWith("packages/numerics/assembly/")
  return file === `${from.folder}/vitest.config.ts` && target.startsWith("tools/testing/")
}

/** Undefined when `file` (a path from the root) may name `specifier`, else what is wrong with it. */
export const violation = (
  workspace: Workspace,
  file: string,
  { specifier }: Import,
): string | undefined => {
  const from = owner(workspace, file)
  if (from === undefined) return undefined
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(file), specifier)
    return target.startsWith(`${from.folder}/`) || mayLeave(from, file, target)
      ? undefined
      : `${specifier} leaves ${from.folder}: import the package by its name`
  }
  const name = packageName(specifier)
  const to = workspace.packages.find((p) => p.name === name)
  if (to === undefined) return undefined
  const subpath = `.${specifier.slice(to.name.length)}`
  if (Exports.source(to.manifest, subpath) === undefined) {
    return `${specifier} is not exported by ${to.name}`
  }
  const reason = objection(from, to)
  return reason && `${specifier}: ${reason}`
}
