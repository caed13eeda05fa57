/** The files of the workspace: what git would commit, or, outside a repository, all but the outputs. */
import { execFileSync } from "node:child_process"
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

const tracked = (root: string): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  })
    .split("\0")
    // A file that was removed but is still in the index has nothing to read.
    .filter((file) => file !== "" && existsSync(join(root, file)))

/** Paths of all files below `root`, relative to it, with "/" as separator, sorted. */
export const list = (root: string): ReadonlyArray<string> =>
  (existsSync(join(root, ".git")) ? tracked(root) : walk(root, "")).toSorted()
