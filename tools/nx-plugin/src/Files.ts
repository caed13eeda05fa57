/** The files of the workspace: what git would commit, or, outside a repository, all but the outputs. */
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

/** Folders that tools write and nobody commits, as .gitignore has them. */
const outputs = new Set([
  "node_modules",
  "dist",
  "coverage",
  "report",
  ".git",
  ".nx",
  ".runs",
  ".reports",
  ".doctest",
])

const walk = (root: string, folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`
    if (outputs.has(entry.name) || entry.isSymbolicLink()) return []
    return entry.isDirectory() ? walk(root, path) : [path]
  })

/** Undefined where git, or a repository, is missing. */
const tracked = (root: string): ReadonlyArray<string> | undefined => {
  if (!existsSync(join(root, ".git"))) return undefined
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
  const { status, stdout } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  })
  if (status !== 0) return undefined
  // A file that was removed but is still in the index has nothing to read.
  return stdout.split("\0").filter((file) => file !== "" && existsSync(join(root, file)))
}

/** Paths of all files below `root`, relative to it, with "/" as separator, sorted. */
export const list = (root: string): ReadonlyArray<string> =>
  (tracked(root) ?? walk(root, "")).toSorted()
