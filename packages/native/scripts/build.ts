/**
 * `npm run build-native`: compiles the module for this machine, or with `--target` for another, into a package of its platform.
 *
 * Exit code 0: built, and on its own platform loaded and tried. 1: wrong usage, or a step failed. 2: this machine lacks
 * something, which the message names.
 */
import { spawnSync } from "node:child_process"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import * as Platform from "./Platform.ts"

const root = join(import.meta.dirname, "..")

const usage = `usage: npm run build-native [-- --target TRIPLE] [--into FOLDER]

  --target   a target of rustc, default that of this machine: ${Object.keys(Platform.targets).join(", ")}
  --into     where the package of the platform goes, default packages/native/platforms/PLATFORM, where @nonconvex/native finds it
`

/** This machine lacks something: its name, and how to get it. */
class Lacking extends Error {}

const run = (command: string, args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}) =>
  spawnSync(command, args, {
    cwd: join(root, "crate"),
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
  })

/** Oldest Rust with AVX-512 vectors, as Cargo.toml states it. */
const oldest = /^rust-version = "1\.(\d+)"$/m.exec(
  readFileSync(join(root, "crate/Cargo.toml"), "utf8"),
)?.[1]

/** Target of this machine, as rustc names it. Throws Lacking if there is no Rust, or only an older one. */
const host = (): string => {
  const install = `Install Rust 1.${oldest} or newer, by https://rustup.rs or from your system.`
  if (run("cargo", ["--version"]).status !== 0) throw new Lacking(`no cargo was found\n${install}`)
  const { stdout, status } = run("rustc", ["--version", "--verbose"])
  const minor = /^release: 1\.(\d+)/m.exec(stdout ?? "")?.[1]
  const triple = /^host: (.+)$/m.exec(stdout ?? "")?.[1]
  if (status !== 0 || triple === undefined) throw new Lacking(`no rustc was found\n${install}`)
  if (minor !== undefined && Number(minor) < Number(oldest)) {
    throw new Lacking(`rustc 1.${minor} is too old\n${install}`)
  }
  if (process.platform !== "win32" && run("cc", ["--version"]).status !== 0) {
    throw new Lacking(
      "no cc was found, which links\nInstall a C compiler (build-essential on Debian).",
    )
  }
  return triple
}

/** A line of cargo's output. */
interface Said {
  readonly reason: string
  readonly target?: { readonly name: string }
  readonly filenames?: ReadonlyArray<string>
}

/**
 * Compiles with the versions of Cargo.lock alone; returns the path of the library. Throws Lacking if they cannot be downloaded.
 */
const compile = (target: string, version: string): string => {
  if (run("cargo", ["fetch", "--locked", "--target", target]).status !== 0) {
    throw new Lacking("cargo could not fetch what Cargo.lock names, for the reason above")
  }
  const args = ["build", "--release", "--locked", "--target", target]
  const { status, stdout } = run("cargo", [...args, "--message-format=json-render-diagnostics"], {
    NONCONVEX_VERSION: version,
  })
  if (status !== 0) throw new Error(`cargo ended with exit code ${status}`)
  const files = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Said)
    .filter(
      ({ reason, target: of }) => reason === "compiler-artifact" && of?.name === "nonconvex_native",
    )
    .flatMap(({ filenames = [] }) => filenames)
  const library = files.find((file) => /\.(?:so|dylib|dll)$/.test(file))
  if (library === undefined) throw new Error("cargo made no library")
  return library
}

/** Loads the built module in a separate process, and multiplies two matrices with it. */
const prove = (folder: string): string => {
  const code = `const { gemm, vectors } = require(${JSON.stringify(folder)})
    const [a, c] = [Float64Array.of(1, 2, 3, 4), new Float64Array(4)]
    gemm(false, true, 2, 2, 2, 1, a, a, 0, c, 1)
    console.log(c.join() === "5,11,11,25" ? vectors : "wrong")`
  const { status, stdout } = run(process.execPath, ["--eval", code])
  if (status !== 0 || stdout.trim() === "wrong") throw new Error(`${folder} does not work`)
  return stdout.trim()
}

const build = (options: { readonly target?: string; readonly into?: string }): void => {
  const own = host()
  const target = options.target ?? own
  const platform = Platform.of(target)
  if (platform === undefined) {
    throw new Lacking(
      `${target} is no platform of a release\nOne of: ${Object.keys(Platform.targets).join(", ")}.`,
    )
  }
  const manifest = createRequire(import.meta.url)("../package.json") as Platform.Manifest
  const library = compile(target, manifest.version)
  const folder = resolve(options.into ?? join(root, "platforms", platform.name))
  mkdirSync(folder, { recursive: true })
  // in the place of one that a process may hold, whole or not at all
  const module = join(folder, Platform.file)
  copyFileSync(library, `${module}.new`)
  renameSync(`${module}.new`, module)
  writeFileSync(join(folder, "package.json"), Platform.manifestOf(platform, manifest))
  writeFileSync(join(folder, "README.md"), Platform.readmeOf(platform))
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"))
  console.log(`built   ${module}`)
  if (target === own && existsSync(module)) console.log(`proven  ${prove(folder)}`)
}

const parse = () => {
  try {
    const options = {
      target: { type: "string" },
      into: { type: "string" },
      help: { type: "boolean", default: false },
    } as const
    return parseArgs({ options, allowPositionals: false }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const values = parse()
if (typeof values === "string" || values.help) {
  if (typeof values === "string") console.error(`${values}\n`)
  console.log(usage)
  process.exitCode = typeof values === "string" ? 1 : 0
} else {
  try {
    build(values)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof Lacking ? 2 : 1
  }
}
