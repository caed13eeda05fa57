/** The package tfjs-node itself, without its installer: sources, JavaScript, and what its JavaScript requires. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Command from "./Command.ts"
import { Impossible } from "./Impossible.ts"

export const version = "4.22.0"

/** What `dist/` requires beside `@tensorflow/tfjs`, which must be the one of the project. The rest serves the installer. */
const needed = ["@mapbox/node-pre-gyp", "google-protobuf", "progress"]

const npm = async (args: ReadonlyArray<string>, cwd: string): Promise<void> => {
  const { code, output } = await Command.run("npm", args, { cwd })
  if (code !== 0) {
    throw new Impossible(
      `npm ${args.slice(0, 2).join(" ")} failed: ${Command.tail(output, 3)}`,
      "Check that npm reaches a registry that has @tensorflow/tfjs-node.",
    )
  }
}

interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest

/** Puts tfjs-node into `folder`, unless it is there already. `scratch` is for what is downloaded. */
export const obtain = async (folder: string, scratch: string): Promise<void> => {
  if (existsSync(join(folder, "binding.gyp")) && manifestOf(folder).version === version) return
  await npm(["pack", `@tensorflow/tfjs-node@${version}`, "--silent"], scratch)
  const tarball = readdirSync(scratch).find((file) => file.endsWith(".tgz"))
  if (tarball === undefined) {
    throw new Impossible("npm pack left no tarball", "Run npm pack yourself to see what it says.")
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const args = ["-xzf", join(scratch, tarball), "-C", folder, "--strip-components=1"]
  const { code, output } = await Command.run("tar", args)
  if (code !== 0) throw new Error(`${tarball} could not be unpacked: ${output}`)
  const { dependencies } = manifestOf(folder)
  const modules = join(scratch, "modules")
  mkdirSync(modules, { recursive: true })
  writeFileSync(join(modules, "package.json"), '{ "private": true }\n')
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
  const wanted = needed.map((name) => `${name}@${dependencies[name]}`)
  await npm(["install", ...quiet, ...wanted], modules)
  const moved = await Command.run("cp", ["-r", join(modules, "node_modules"), folder])
  if (moved.code !== 0) throw new Error(`the modules could not be copied: ${moved.output}`)
}
