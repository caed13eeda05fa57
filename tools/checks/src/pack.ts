/**
 * `npm run pack [-- package ...]`: packs the packages as npm would publish them into `packed/`, and prints for each named one, default all
 * systems, the command that installs it from there.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import type { Lock } from "./checks/install.ts"
import { commandOf, plan, UnknownPackage } from "./Packing.ts"

const root = join(import.meta.dirname, "../../..")
const folder = join(root, "packed")

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"))

try {
  const { packages: lock } = read("package-lock.json") as { readonly packages: Lock }
  const packings = plan(Workspace.read(root), lock, process.argv.slice(2))
  const all = [...new Set(packings.flatMap(({ parts }) => parts.map(({ name }) => name)))]
  mkdirSync(folder, { recursive: true })
  const packed = spawnSync(
    "npm",
    ["pack", "--silent", "--pack-destination", folder, ...all.flatMap((name) => ["-w", name])],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  )
  process.exitCode = packed.status ?? 1
  const { effect } = (read("package.json") as Workspace.Manifest).devDependencies!
  if (packed.status === 0)
    for (const packing of packings)
      process.stdout.write(`${packing.name}:\n  ${commandOf(packing, folder, effect!)}\n`)
} catch (error) {
  if (!(error instanceof UnknownPackage)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
