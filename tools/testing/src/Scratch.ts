/** Workspaces outside of the repository, for tests of the tools themselves. */
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { onTestFinished } from "vitest"

/** The root of the repository. */
export const repository = join(import.meta.dirname, "../../..")

/** An empty folder, removed when the test ends. */
export const folder = (): string => {
  const root = mkdtempSync(join(tmpdir(), "nonconvex-"))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

/** Copies files of the repository to the same places below `root`. */
export const copy = (root: string, files: ReadonlyArray<string>): void => {
  for (const file of files) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    copyFileSync(join(repository, file), join(root, file))
  }
}

/** All that the repository would commit. */
export const committed = (): ReadonlyArray<string> => Files.list(repository)

/** What `npm install` does for one package of the workspace: its name leads to its folder. */
export const link = (root: string, packageFolder: string): void => {
  const name = basename(packageFolder)
  symlinkSync(join(root, packageFolder), join(root, "node_modules/@nonconvex", name))
}

/** What `npm install` would do at `root`: the repository's packages from npm, and the workspace's own. */
export const install = (root: string): void => {
  const installed = join(repository, "node_modules")
  const modules = join(root, "node_modules")
  mkdirSync(join(modules, "@nonconvex"), { recursive: true })
  for (const name of readdirSync(installed)) {
    if (name !== "@nonconvex") symlinkSync(join(installed, name), join(modules, name))
  }
  const packages = Workspace.read(root).packages.filter((p) => p.name.startsWith("@nonconvex/"))
  for (const p of packages) link(root, p.folder)
  if (packages.every((p) => p.short !== "nx-plugin"))
    symlinkSync(join(repository, "tools/nx-plugin"), join(modules, "@nonconvex/nx-plugin"))
}
