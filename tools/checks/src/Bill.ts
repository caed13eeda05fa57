/** The bill of materials of the workspace: what is installed, in CycloneDX, as npm tells it from package-lock.json. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"

/** A bill of materials, as far as it is compared. */
export interface Bill {
  readonly components: ReadonlyArray<{ readonly purl: string }>
}

/** Packages of package-lock.json by their folders. */
export type Locked = Readonly<
  Record<string, { readonly name?: string; readonly version?: string; readonly link?: boolean }>
>

const purl = (name: string, version: string | undefined): string =>
  `pkg:npm/${name.replace("@", "%40")}@${version}`

/** What a bill and a lock file do not have in common. */
export const differences = ({ components }: Bill, locked: Locked): ReadonlyArray<string> => {
  const listed = new Set(components.map((component) => component.purl.replace(/\?.*$/, "")))
  const installed = new Set(
    Object.entries(locked).flatMap(([folder, { link = false, name, version }]) =>
      folder === "" || link ? [] : [purl(name ?? folder.split("node_modules/").at(-1)!, version)],
    ),
  )
  return [
    ...[...installed].filter((each) => !listed.has(each)).map((each) => `${each} is missing`),
    ...[...listed]
      .filter((each) => !installed.has(each))
      .map((each) => `${each} is not in package-lock.json`),
  ]
}

/** The bill of the workspace at `root` as text, or why there is none. */
export const bill = (root: string): { readonly text: string; readonly fault?: string } => {
  const { error, status, stderr, stdout } = spawnSync(
    "npm",
    ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"],
    { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28, shell: process.platform === "win32" },
  )
  return status === 0 ? { text: stdout } : { text: "", fault: error?.message ?? stderr }
}

/** What a bill of the workspace at `root` says otherwise than its lock file. */
export const findings = (root: string, text: string): ReadonlyArray<string> => {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"))
  return differences(JSON.parse(text) as Bill, (lock as { readonly packages: Locked }).packages)
}
