/** The engines of JavaScript that this machine has, or that npm can fetch. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"

/** One Node, or why there is none. */
export type Found = { readonly path: string } | { readonly reason: string }

const answer = (command: string, args: ReadonlyArray<string>): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" })
  return status === 0 ? stdout.trim() : undefined
}

/** The major version of a program that says it is Node. */
const majorOf = (path: string): number | undefined => {
  const major = answer(path, ["-p", "process.versions.node.split('.')[0]"])
  return major === undefined ? undefined : Number(major)
}

/** Every `node` of the folders of `PATH`, this one first. */
const installed = (folders: string): ReadonlyArray<string> => [
  process.execPath,
  ...folders
    .split(delimiter)
    .map((folder) => join(folder, "node"))
    .filter((path) => existsSync(path)),
]

/** Node of the major version of `version`: from `PATH`, else that version from npm, which keeps it in its cache. */
export const node = (version: string, folders = process.env["PATH"] ?? ""): Found => {
  const major = Number(version.split(".")[0])
  const here = installed(folders).find((path) => majorOf(path) === major)
  if (here !== undefined) return { path: here }
  const name = `node-${process.platform}-${process.arch}@${version}`
  const fetched = answer("npm", [
    "exec",
    "--yes",
    `--package=${name}`,
    "--",
    "node",
    "-p",
    "process.execPath",
  ])
  if (fetched !== undefined && majorOf(fetched) === major) return { path: fetched }
  return { reason: `no Node ${major} in PATH, and npm has no ${name} for it here` }
}
