/** The packages of the workspace as their package.json files describe them. */
import type { Tree } from "@nx/devkit"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"

/** The part of a package.json that the tools read. */
export interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly private?: boolean
  readonly license?: string
  readonly repository?: {
    readonly type?: string
    readonly url?: string
    readonly directory?: string
  }
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean }
  readonly type?: string
  readonly description?: string
  readonly workspaces?: ReadonlyArray<string>
  readonly files?: ReadonlyArray<string>
  readonly scripts?: Readonly<Record<string, string>>
  /** By subpath; null hides what a pattern would export. */
  readonly exports?: Readonly<Record<string, string | null | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly nx?: { readonly tags?: ReadonlyArray<string> }
}

/** Where a package stands in `app -> bridge -> system -> core`; a tool stands outside. */
export type Layer = "core" | "system" | "bridge" | "app" | "tool"
const layers: ReadonlyArray<string> = ["core", "system", "bridge", "app", "tool"]

export interface Package {
  /** The name on npm, such as `@nonconvex/optim-sam`. */
  readonly name: string
  /** The name of its folder, such as `optim-sam`. */
  readonly short: string
  /** The folder from the root, such as `packages/optim-sam`. */
  readonly folder: string
  readonly manifest: Manifest
  /** From the tag `type:...`; absent where no tag, or no single one, says it. */
  readonly layer: Layer | undefined
}

export interface Workspace {
  /** The root's own package.json. */
  readonly manifest: Manifest
  readonly packages: ReadonlyArray<Package>
}

const isLayer = (name: string): name is Layer => layers.includes(name)

const layerOf = (manifest: Manifest): Layer | undefined => {
  const named = (manifest.nx?.tags ?? [])
    .filter((tag) => tag.startsWith("type:"))
    .map((tag) => tag.slice("type:".length))
  return named.length === 1 && isLayer(named[0]!) ? named[0] : undefined
}

/** A package from its folder and its manifest. */
export const makePackage = (folder: string, manifest: Manifest): Package => ({
  name: manifest.name ?? basename(folder),
  short: basename(folder),
  folder,
  manifest,
  layer: layerOf(manifest),
})

/** A tool that only the root runs needs no package.json of its own; its dependencies are the root's. */
const rootTool: Manifest = { private: true, nx: { tags: ["type:tool"] } }

/** Where the files come from: the disk, or the virtual tree of an nx generator. Paths are from the root. */
export interface Source {
  readonly children: (folder: string) => ReadonlyArray<string>
  /** The text of a file, or undefined where there is none. */
  readonly text: (file: string) => string | undefined
}

/** The workspace of `source`: the folders that the root's `workspaces` (patterns like `tools/*`) name. */
export const make = (source: Source): Workspace => {
  const manifestOf = (folder: string): Manifest | undefined => {
    const text = source.text(`${folder}/package.json`)
    return text === undefined ? undefined : (JSON.parse(text) as Manifest)
  }
  const manifest = manifestOf(".") ?? {}
  const packages = (manifest.workspaces ?? []).flatMap((pattern) => {
    const parent = pattern.replace(/\/\*$/, "")
    return source.children(parent).flatMap((name) => {
      const folder = `${parent}/${name}`
      const own = manifestOf(folder)
      if (own !== undefined) return [makePackage(folder, own)]
      return source.text(`${folder}/tsconfig.json`) === undefined
        ? []
        : [makePackage(folder, rootTool)]
    })
  })
  return { manifest, packages: packages.toSorted((a, b) => (a.folder < b.folder ? -1 : 1)) }
}

/** The workspace on disk below `root`. */
export const read = (root: string): Workspace =>
  make({
    children: (folder) =>
      existsSync(join(root, folder)) ? readdirSync(join(root, folder)).toSorted() : [],
    text: (file) =>
      existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : undefined,
  })

/** The workspace as a generator has changed it so far. */
export const fromTree = (tree: Tree): Workspace =>
  make({
    children: (folder) => tree.children(folder),
    text: (file) => tree.read(file, "utf8") ?? undefined,
  })

/** The package whose folder holds `file` (a path from the root). */
export const owner = (workspace: Workspace, file: string): Package | undefined =>
  workspace.packages.find((p) => file.startsWith(`${p.folder}/`))

/** All that a package says it needs when it is installed: dependencies, peers, optional ones. */
export const published = (manifest: Manifest): Readonly<Record<string, string>> => ({
  ...manifest.dependencies,
  ...manifest.peerDependencies,
  ...manifest.optionalDependencies,
})
