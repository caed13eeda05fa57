/** Packages with all of the workspace that they need, as npm would publish them, and the command that installs them. */
import { join } from "node:path"
import type * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { closure, type Lock } from "./checks/install.ts"

/** A package, and the published ones of the workspace that it needs, itself among them. */
export interface Packing {
  readonly name: string
  readonly parts: ReadonlyArray<Workspace.Package>
}

/** A name that no published package has. */
export class UnknownPackage extends Error {}

const fullName = (asked: string): string => (asked.startsWith("@") ? asked : `@nonconvex/${asked}`)

/** What is packed for the packages that somebody names, with or without `@nonconvex/`; default all systems. Throws UnknownPackage. */
export const plan = (
  { packages }: Pick<Workspace.Workspace, "packages">,
  lock: Lock,
  asked: ReadonlyArray<string>,
): ReadonlyArray<Packing> => {
  const published = packages.filter(({ manifest }) => manifest.private !== true)
  const names = asked.map(fullName)
  const unknown = names.filter((name) => published.every((each) => each.name !== name))
  if (unknown.length > 0) {
    const known = published.map(({ short }) => short).join(", ")
    throw new UnknownPackage(`no package ${unknown.join(", ")}; choose among ${known}`)
  }
  const chosen = published.filter(({ layer, name }) =>
    names.length > 0 ? names.includes(name) : layer === "system",
  )
  return chosen.map(({ folder, name }) => {
    const needed = closure(lock, folder, ["effect"])
    return { name, parts: published.filter((each) => needed.has(each.name)) }
  })
}

/** The command that installs a package from the tarballs in a folder, with the version of effect that its user brings. */
export const commandOf = ({ parts }: Packing, folder: string, effect: string): string => {
  const files = parts.map(({ manifest: { version = "0.0.0" }, name }) =>
    join(folder, `${name.slice(1).replace("/", "-")}-${version}.tgz`),
  )
  return `npm install effect@${effect} ${files.join(" ")}`
}
