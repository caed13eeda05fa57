/**
 * The command line in few files, for processes that tests start: to find and compile some five hundred modules took most of the time of most of them.
 * They are made of the sources before the tests, each module still names the place of its source, and whatever loads a source, in a thread too, gets
 * what was made of it; so the digest of the code, and all that lies beside a source, is as it was.
 */
import { build, type Plugin } from "esbuild"
import { createHash } from "node:crypto"
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { dirname, join, relative } from "node:path"
import process from "node:process"
import { pathToFileURL } from "node:url"
import { inject } from "vitest"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** What a process of the command line runs first. */
    readonly hooks: string
    /** What runs first in a process of which the threads alone are to load what was made. */
    readonly threads: string
  }
}

const root = join(import.meta.dirname, "../../../..")
const cache = join(root, "node_modules/.cache/nonconvex-lab")

/** What Node is told before the program that it runs. */
export const options = (): ReadonlyArray<string> => [
  "--conditions=source",
  `--import=${inject("hooks")}`,
]

/** What is loaded by its place: programs, systems, and the threads that compute or read; and what a system of a test outside of the workspace stands on. */
const entries = [
  "apps/lab/test/fixtures/{main,toy,wrong,brief,endless,hungry,logged}.ts",
  "apps/lab/src/{cli/Program,evidence/Systems}.ts",
  "packages/*/src/{evidence,operations}/system.ts",
  "packages/runner/test/support/System.ts",
  "packages/runner/src/node/worker.ts",
  "packages/datasets/src/internal/typed/worker.ts",
  "packages/interchange/src/node/hdf5/worker.ts",
  "packages/{evidence,numerics}/src/index.ts",
  "node_modules/effect/dist/index.js",
]

/** A source goes on to be where it was. */
const placed: Plugin = {
  name: "placed",
  setup: (bundler) => {
    bundler.onLoad({ filter: /(?:packages|apps)\/.*\.ts$/ }, ({ path }) => {
      const places = { url: pathToFileURL(path).href, dirname: dirname(path) }
      // in front of a backslash it is part of a text
      const contents = readFileSync(path, "utf8").replaceAll(
        /import\.meta\.(url|dirname)(?!\\)/g,
        (_, name: keyof typeof places) => JSON.stringify(places[name]),
      )
      return { contents, loader: "ts" }
    })
  },
}

/** What a process and each of its threads run first. */
const hooksOf = (places: ReadonlyArray<readonly [source: string, made: string]>): string => `
import { registerHooks } from "node:module"
import process from "node:process"
import { isMainThread } from "node:worker_threads"

const places = new Map(${JSON.stringify(places)})
if (isMainThread) process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, "--import=" + import.meta.url].join(" ")
const folder = new URL(".", import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) => {
    // to look where it really is took a sixth of the time of most processes
    if (/^\\.+\\/.*\\.mjs$/.test(specifier) && context.parentURL?.startsWith(folder))
      return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true }
    const found = next(specifier, context)
    const made = places.get(found.url)
    if (made === undefined) return found
    return { ...found, url: new URL(made, import.meta.url).href, format: "module" }
  },
})
`

const threads = `
import { isMainThread } from "node:worker_threads"
if (!isMainThread) await import("./hooks.mjs")
`

/** Contents by the names of files. */
const made = async (): Promise<ReadonlyMap<string, Uint8Array | string>> => {
  const entryPoints = entries.flatMap((each) => globSync(each, { cwd: root })).toSorted()
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outbase: root,
    outdir: cache,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    keepNames: true,
    format: "esm",
    platform: "node",
    target: `node${process.versions.node}`,
    conditions: ["source"],
    // what is no module of ours may ask for a builtin by `require`
    banner: {
      js: `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url)`,
    },
    external: ["*.node"],
    plugins: [placed],
    logLevel: "warning",
  })
  const places = Object.entries(metafile.outputs).flatMap(([file, { entryPoint }]) =>
    entryPoint !== undefined && entryPoints.includes(entryPoint)
      ? [
          [
            pathToFileURL(join(root, entryPoint)).href,
            `./${relative(cache, join(root, file))}`,
          ] as const,
        ]
      : [],
  )
  return new Map<string, Uint8Array | string>([
    ...outputFiles.map(({ contents, path }) => [relative(cache, path), contents] as const),
    ["hooks.mjs", hooksOf(places)] as const,
    ["threads.mjs", threads] as const,
  ])
}

/** Milliseconds after which no run of the tests is still about what was made for it. */
const old = 24 * 3_600_000

/** Runs once, before the tests of the lab. What they run is named by its content, so that others may run them at the same time. */
export const setup = async ({ provide }: TestProject): Promise<void> => {
  const files = await made()
  const hash = createHash("sha256")
  for (const [name, content] of files) hash.update(name).update("\0").update(content)
  const folder = join(cache, hash.digest("hex").slice(0, 16))
  mkdirSync(cache, { recursive: true })
  if (!existsSync(folder)) {
    const begun = mkdtempSync(join(cache, "begun-"))
    for (const [name, content] of files) {
      mkdirSync(dirname(join(begun, name)), { recursive: true })
      writeFileSync(join(begun, name), content)
    }
    try {
      renameSync(begun, folder)
    } catch {
      // somebody else was first
      rmSync(begun, { recursive: true })
    }
  }
  // a file that is made in a folder is what changes it
  rmSync(join(folder, "used"), { force: true })
  writeFileSync(join(folder, "used"), "")
  const now = statSync(folder).mtimeMs
  for (const each of readdirSync(cache)) {
    const path = join(cache, each)
    if (now - statSync(path).mtimeMs > old) rmSync(path, { recursive: true, force: true })
  }
  provide("hooks", join(folder, "hooks.mjs"))
  provide("threads", join(folder, "threads.mjs"))
}
