/** The references that a tsconfig.json needs: package.json is the only place where a dependency is written. */
import { posix } from "node:path"
import type { Package, Workspace } from "./Workspace.ts"

export interface Reference {
  readonly path: string
}

const relativeTo = (from: string, to: string): Reference => ({ path: posix.relative(from, to) })

const byPath = (a: Reference, b: Reference): number => (a.path < b.path ? -1 : 1)

/** References of one package: the workspace packages that its package.json names, sorted by path. */
export const ofPackage = (
  workspace: Workspace,
  { folder, manifest }: Package,
): ReadonlyArray<Reference> => {
  const named = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  }
  return workspace.packages
    .filter((p) => p.name in named)
    .map((p) => relativeTo(folder, p.folder))
    .toSorted(byPath)
}

/** References of the root: every folder that has a tsconfig.json, sorted by path. */
export const ofRoot = (folders: ReadonlyArray<string>): ReadonlyArray<Reference> =>
  folders.map((path) => ({ path })).toSorted(byPath)
