/** Identifies a version of the code; results of other code belong to another run. */
import type { System } from "@nonconvex/evidence/System"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import type { Capabilities, KernelsName } from "../Capabilities.ts"
import type { RunKey } from "../RunKey.ts"

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifestOf = (root: string): Manifest =>
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest

/** Folder of the nearest named package.json above a file; undefined if there is none. */
const rootOf = (file: string): string | undefined => {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && manifestOf(folder).name !== undefined) {
      return folder
    }
    if (dirname(folder) === folder) return undefined
  }
}

const filesIn = (folder: string): ReadonlyArray<string> => {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry
    if (name === "node_modules" || name.startsWith(".") || name.endsWith(".map")) return []
    const path = join(folder, name)
    if (entry.isDirectory()) return filesIn(path)
    return entry.isFile() ? [path] : []
  })
}

/** Folder with the code of a package, source or compiled. */
const folders = ["src", "dist"] as const

/**
 * Code of a package that runs from `file`, and its bundled data. For a package with another layout, everything counts as
 * code.
 */
const codeOf = (root: string, file: string): ReadonlyArray<string> => {
  const top = relative(root, file).split(sep)[0]
  const folder = folders.find((name) => name === top)
  if (folder === undefined) return filesIn(root)
  return [...filesIn(join(root, folder)), ...filesIn(join(root, "data"))]
}

/** Tests whether the package of this folder is an installed dependency, which its version identifies. */
const isInstalled = (root: string): boolean => root.split(sep).includes("node_modules")

/** Packages that `root` requires, by folder, if present; optional ones may be absent. */
const neededBy = (root: string): ReadonlyArray<string> => {
  const require = createRequire(join(root, "package.json"))
  const { dependencies, peerDependencies } = manifestOf(root)
  return Object.keys({ ...dependencies, ...peerDependencies })
    .toSorted()
    .flatMap((name) => {
      try {
        return [realpathSync(dirname(require.resolve(`${name}/package.json`)))]
      } catch {
        return []
      }
    })
}

/** Caches the result of `make` by name. */
const once = <Value>(make: (name: string) => Value) => {
  const known = new Map<string, { readonly value: Value }>()
  return (name: string): Value => {
    const found = known.get(name) ?? { value: make(name) }
    known.set(name, found)
    return found.value
  }
}

/** The digest of the package that runs from a file. */
const packageDigest = (file: string): string => {
  const root = rootOf(file)!
  const hash = createHash("sha256")
  for (const path of codeOf(root, file).toSorted()) {
    hash.update(relative(root, path).replaceAll(sep, "/")).update("\0")
    hash.update(readFileSync(path)).update("\0")
  }
  return hash.digest("hex")
}

/** File of the package in the same form as `like`: source or compiled. */
const twin = (root: string, like: string): string => {
  const isCompiled = like.split(sep).includes("dist")
  return join(root, isCompiled || !existsSync(join(root, "src")) ? "dist" : "src", "index")
}

const moduleDigest = (
  module: string,
  digestOfPackage: (file: string) => string,
): string | undefined => {
  const file = fileURLToPath(module)
  const own = rootOf(file)
  if (own === undefined) return undefined
  const found = new Map<string, string>()
  const visit = (root: string, from: string): void => {
    const { name = basename(root), version = "" } = manifestOf(root)
    if (found.has(name)) return
    const isForeign = isInstalled(root) && root !== own
    found.set(name, isForeign ? version : digestOfPackage(from))
    if (isForeign) return
    for (const needed of neededBy(root)) visit(needed, twin(needed, file))
  }
  visit(own, file)
  const lines = [...found].map(([name, digest]) => `${name} ${digest}`).toSorted()
  return createHash("sha256").update(lines.join("\n")).digest("hex")
}

const packageOnce = once(packageDigest)
const moduleOnce = once((module: string) => moduleDigest(module, packageOnce))

const isFile = (module: string | undefined): module is string =>
  module?.startsWith("file:") === true

/**
 * SHA-256 over the code of a system: its own package, its workspace dependencies with their data, and other packages by name and
 * version. Undefined if the system has no `code` and names no module.
 *
 * Read once per process, because loaded code does not change.
 */
export const digestOf = ({ code, module }: System): string | undefined =>
  code?.begun ?? (isFile(module) ? moduleOnce(module) : undefined)

/**
 * The same for the current files, the code that a thread loads if it begins now. Undefined if the system names no module.
 */
export const digestNow = ({ code, module }: System): string | undefined =>
  code?.now() ?? (isFile(module) ? moduleDigest(module, packageDigest) : undefined)

/** SHA-256 over the code of a module: its package with dependencies; a module without a package counts by its own bytes. */
const digestOfModule = (module: string): string => {
  const url = isFile(module) ? module : import.meta.resolve(module)
  return (
    moduleOnce(url) ??
    createHash("sha256")
      .update(readFileSync(fileURLToPath(url)))
      .digest("hex")
  )
}

const identityOfExport = ({
  export: name,
  module,
}: Exclude<Capabilities["kernels"], KernelsName>): string => {
  const hash = createHash("sha256").update(name).update("\0").update(digestOfModule(module))
  return `${name.slice(0, 20)}@${hash.digest("hex")}`
}

/**
 * Capabilities as part of the key of a run: names as such, layers of modules by their code, and data folders by their content.
 *
 * Two programs whose capabilities have one identity compute the same bits, wherever their modules and folders lie.
 */
export const identityOf = ({ data, kernels }: Capabilities): Pick<RunKey, "kernels" | "data"> => ({
  kernels: typeof kernels === "string" ? kernels : identityOfExport(kernels),
  ...(data !== undefined && {
    data: typeof data === "string" ? digestOfFolder(data) : identityOfExport(data),
  }),
})

/** SHA-256 over the names and the bytes of all files in a folder of data. */
export const digestOfFolder = (folder: string): string => {
  const hash = createHash("sha256")
  for (const path of filesIn(folder).toSorted()) {
    if (!statSync(path).isFile()) continue
    hash.update(relative(folder, path).replaceAll(sep, "/")).update("\0")
    hash.update(createHash("sha256").update(readFileSync(path)).digest())
  }
  return hash.digest("hex")
}
