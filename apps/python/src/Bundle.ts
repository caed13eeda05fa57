/** Files of an installed package and of all that it needs, as Node finds them, without what no program reads. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs"
import { dirname, join, relative } from "node:path"

interface Manifest {
  readonly name: string
  readonly files?: ReadonlyArray<string>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** A package by its place in `node_modules`, and the folder of its files. */
interface Located {
  readonly place: string
  readonly folder: string
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest

const neededBy = ({
  dependencies = {},
  peerDependencies = {},
  peerDependenciesMeta = {},
}: Manifest): ReadonlyArray<string> => [
  ...Object.keys(dependencies),
  ...Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true),
]

/** The nearest package of this name above a folder, up to `root`. */
const found = (root: string, from: string, name: string): string | undefined => {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, "node_modules", name)
    if (existsSync(join(place, "package.json"))) return place
    if (folder === root || dirname(folder) === folder) return undefined
  }
}

/** Places of a package of a workspace and of all packages that it needs; `root` has the workspace's `node_modules`. */
export const closure = (root: string, name: string): ReadonlyArray<Located> => {
  const all = new Map<string, Located>()
  const visit = (from: string, each: string): void => {
    const place = found(root, from, each)
    if (place === undefined || all.has(place)) return
    const folder = realpathSync(place)
    all.set(place, { place: relative(root, place), folder })
    // a link to a package of the workspace needs what lies beside its target
    for (const needed of neededBy(manifestOf(folder))) visit(folder, needed)
  }
  visit(root, name)
  return [...all.values()]
}

/** Tests whether only compilers, editors and people read a file. */
const isUnread = (file: string): boolean =>
  /\.(map|md|markdown|ts|mts|cts|tsx|tsbuildinfo|flow)$/.test(file) && !/^licen[cs]e/i.test(file)

const passedOver: ReadonlySet<string> = new Set([
  "node_modules",
  "test",
  "tests",
  "__tests__",
  "docs",
  "doc",
  "example",
  "examples",
  "benchmark",
  "benchmarks",
  ".github",
])

const below = (folder: string, inside: string): ReadonlyArray<string> =>
  readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry) => {
    const path = inside === "" ? entry.name : `${inside}/${entry.name}`
    if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : below(folder, path)
    return entry.isFile() && !isUnread(entry.name) ? [path] : []
  })

/** Tests whether a package runs from its folder `src`. */
const runsFromSource = (folder: string): boolean => {
  const {
    exports: entries,
    main,
    module,
  } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Readonly<
    Record<string, unknown>
  >
  // "source" is for those who work on the package
  const text = JSON.stringify([main, module, entries]).replaceAll(/"source":"[^"]*"/g, "")
  return /"(\.\/)?src\//.test(text)
}

/** Files of a package that a program may read, from its folder; of a package of the workspace those that it publishes. */
const filesOf = ({ folder }: Located, isOwn: boolean): ReadonlyArray<string> => {
  const published = isOwn ? (manifestOf(folder).files ?? []) : undefined
  return below(folder, "").filter((file) => {
    if (file === "package.json" || /^licen[cs]e/i.test(file)) return true
    if (published !== undefined && !published.some((each) => `${file}/`.startsWith(`${each}/`))) {
      return false
    }
    return !file.startsWith("src/") || (!isOwn && runsFromSource(folder))
  })
}

/** A file of the bundle: its path in it, and where it is read from. */
export interface BundledFile {
  readonly path: string
  readonly from: string
}

/** Files of a package of the workspace and of all that it needs, by their path in a folder that Node runs them from. */
export const bundled = (root: string, name: string): ReadonlyArray<BundledFile> =>
  closure(root, name).flatMap((each) => {
    const isOwn = !relative(root, each.folder).startsWith("node_modules")
    return filesOf(each, isOwn).map((file) => ({
      path: `${each.place.replaceAll("\\", "/")}/${file}`,
      from: join(each.folder, file),
    }))
  })
