/** The vitest settings that every package shares. */
import { basename, join } from "node:path"
import { defineProject, type UserWorkspaceConfig } from "vitest/config"
import * as Seed from "./Seed.ts"

/** `import "@nonconvex/..."` means the sources, in tests as in `node --conditions=source`. */
const conditions = ["source"]

/** Where Node keeps what it has compiled. */
const compiled = join(import.meta.dirname, "../../../node_modules/.cache/nonconvex")

/** Asks for the vectors that the programs ask for. */
const wideVectors = join(import.meta.dirname, "../../../packages/numerics/test/fixtures/wide.ts")

interface More {
  /** Modules whose `setup` runs once, before all files. */
  readonly globalSetup?: ReadonlyArray<string>
  /** Modules that run before each file. */
  readonly setupFiles?: ReadonlyArray<string>
  /** Places of the tests; default `test/`. */
  readonly include?: ReadonlyArray<string>
}

/** The project of what is in `folder`: its name is the folder's. */
export const project = (
  folder: string,
  { globalSetup = [], include = ["test/**/*.{test,e2e}.ts"], setupFiles = [] }: More = {},
): UserWorkspaceConfig =>
  defineProject({
    ssr: { resolve: { conditions } },
    resolve: { conditions },
    test: {
      name: basename(folder),
      include: [...include],
      globalSetup: [...globalSetup],
      setupFiles: [wideVectors, join(import.meta.dirname, "setup.ts"), ...setupFiles],
      env: {
        ...Seed.environment(),
        // a test that keeps runs names its own store
        NONCONVEX_STORE: "none",
        // Hundreds of threads and processes load the same sources: without types and compiled, that takes half of the time.
        NODE_COMPILE_CACHE: compiled,
      },
      // Files share their modules: loading effect again for each of them took a third of the time. They share no state.
      isolate: false,
      // Node itself loads the sources, as it does outside of tests: vitest's own modules look up each import whenever it is used, which took
      // up to a fifth of what computes.
      experimental: { viteModuleRunner: false, nodeLoader: false },
      // Generous: a busy machine is no failure. A suite that needs seconds says so by being slow. It is said here, and not by a module that
      // sets it when it is imported: of the files that share their modules only the first one would have it.
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  })
