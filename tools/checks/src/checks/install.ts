/** What npm brings along with a package: neither servers nor clients of databases, and little of anything. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join, posix } from "node:path"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"
import { isLight } from "./entries.ts"

/** An entry of package-lock.json, as far as it says what is installed. */
interface Locked extends Workspace.Manifest {
  /** The folder that a link leads to. */
  readonly resolved?: string
  readonly link?: boolean
}
export type Lock = Readonly<Record<string, Locked>>

/** Where `name` is for a package at `from`, by the folders of package-lock.json; undefined where it is not installed. */
const locate = (lock: Lock, from: string, name: string): string | undefined => {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const place = folder === "." ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    const found = lock[place]
    if (found !== undefined) return found.link === true ? found.resolved : place
    if (folder === ".") return undefined
  }
}

/** What a package needs whether its user asks for it or not. */
const needs = ({ dependencies, peerDependencies = {}, ...more }: Workspace.Manifest) => [
  ...Object.keys({ ...dependencies, ...more.optionalDependencies }),
  ...Object.keys(peerDependencies).filter(
    (name) => more.peerDependenciesMeta?.[name]?.optional !== true,
  ),
]

/** The folders that npm installs for the package in `folder`, itself included, by name; what its user brings, `given`, left out. */
export const closure = (
  lock: Lock,
  folder: string,
  given: ReadonlyArray<string>,
): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const visit = (name: string, place: string): void => {
    if (given.includes(name) || found.has(name)) return
    found.set(name, place)
    for (const needed of needs(lock[place] ?? {})) {
      const at = locate(lock, place, needed)
      if (at !== undefined) visit(needed, at)
    }
  }
  visit(lock[folder]?.name ?? folder, folder)
  return found
}

/** Bytes on a disk of blocks of 4 kB. */
const sizeOf = (path: string): number => {
  if (!existsSync(path)) return 0
  const { size } = statSync(path)
  return statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name !== "node_modules")
        .reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : Math.ceil(size / 4096) * 4096
}

/** What is installed of a package: all of a foreign one, and what one of ours publishes. */
const installed = (root: string, place: string, ours: ReadonlyArray<Workspace.Package>): number => {
  const own = ours.find(({ folder }) => folder === place)
  const parts = own?.manifest.files ?? [""]
  return parts.reduce((sum, part) => sum + sizeOf(join(root, place, part)), 0)
}

/** Servers and clients of databases and of the web, which no package of algorithms needs. */
export const refused = /^(undici|ws|ioredis|redis|@redis\/.*|@effect\/(platform|sql|cluster).*)$/

/** What a package is there for, and its user asks for. */
const wanted: Readonly<Record<string, ReadonlyArray<string>>> = {
  "@nonconvex/store": ["@effect/sql-pg"],
}

/** Megabytes beside effect, which its user brings, of what whoever uses one algorithm installs. */
const most = 10

export const install: Check = {
  name: "install",
  rule: `no package brings servers or clients of databases along; a system installs at most ${most} MB beside effect`,
  after: ["types"],
  run: async (root) => {
    const file = join(root, "package-lock.json")
    if (!existsSync(file)) return fromFindings([])
    const locked = JSON.parse(readFileSync(file, "utf8")) as { readonly packages: Lock }
    const ours = Workspace.read(root).packages
    // of our own packages what their package.json says now, and not when the lock was written
    const own = Object.fromEntries(ours.map(({ folder, manifest }) => [folder, manifest]))
    const lock = { ...locked.packages, ...own }
    const findings = ours
      .filter(({ layer }) => layer === "core" || layer === "system" || layer === "bridge")
      .flatMap((self) => {
        const { folder, name } = self
        const places = closure(lock, folder, ["effect"])
        const dragged = [...places.keys()].filter(
          (each) => refused.test(each) && wanted[name]?.includes(each) !== true,
        )
        const size =
          [...places.values()].reduce((sum, place) => sum + installed(root, place, ours), 0) / 1e6
        return [
          ...dragged.map((each) => `${name} brings ${each} along`),
          ...(size > most && isLight(self)
            ? [`${name} installs ${size.toFixed(1)} MB beside effect, more than ${most}`]
            : []),
        ]
      })
    return fromFindings(findings)
  },
}
