/**
 * `npm run pack [-- package ...]`: packs the packages as npm would publish them into `packed/`, and prints for each named one, default all
 * systems, the command that installs it from there.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { closure, type Lock } from "./checks/install.ts"

const root = join(import.meta.dirname, "../../..")
const folder = join(root, "packed")

/** The published packages by name, and the files that a package needs besides effect, itself first. */
const workspace = Workspace.read(root).packages.filter(({ manifest }) => manifest.private !== true)
const nameOf = (asked: string) => (asked.startsWith("@") ? asked : `@nonconvex/${asked}`)

const needed = (name: string): ReadonlyArray<string> => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Lock
  }
  const own = workspace.find((each) => each.name === name)!
  const names = closure(packages, own.folder, ["effect"])
  return workspace.filter((each) => names.has(each.name)).map((each) => each.name)
}

const fileOf = (name: string, version: string) =>
  join(folder, `${name.slice(1).replace("/", "-")}-${version}.tgz`)

const asked = process.argv.slice(2).map(nameOf)
const unknown = asked.filter((name) => workspace.every((each) => each.name !== name))
if (unknown.length > 0) {
  const names = workspace.map(({ name }) => name.replace("@nonconvex/", "")).join(", ")
  process.stderr.write(`no package ${unknown.join(", ")}; choose among ${names}\n`)
  process.exitCode = 1
} else {
  const chosen =
    asked.length > 0
      ? asked
      : workspace.filter(({ layer }) => layer === "system").map(({ name }) => name)
  const files = new Map(chosen.map((name) => [name, needed(name)]))
  const all = [...new Set([...files.values()].flat())]
  mkdirSync(folder, { recursive: true })
  const packed = spawnSync(
    "npm",
    ["pack", "--silent", "--pack-destination", folder, ...all.flatMap((name) => ["-w", name])],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  )
  if (packed.status === 0) {
    const version = (name: string) =>
      workspace.find((each) => each.name === name)!.manifest.version ?? "0.0.0"
    const effect = (
      JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Workspace.Manifest
    ).devDependencies!.effect
    for (const [name, parts] of files) {
      const tarballs = parts.map((part) => fileOf(part, version(part)))
      process.stdout.write(`${name}:\n  npm install effect@${effect} ${tarballs.join(" ")}\n`)
    }
  } else {
    process.exitCode = packed.status ?? 1
  }
}
