// The generator of a system against all checks, in a copy of the workspace.
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it, onTestFinished, vi } from "vitest"
import * as Scratch from "../../testing/src/Scratch.ts"
import { all } from "../src/All.ts"
import type { Check } from "../src/Check.ts"
import { effect, withTypesOf } from "../src/checks/effect.ts"
import { examples, examplesOf } from "../src/checks/examples.ts"
import { packaging, packagingOf } from "../src/checks/packaging.ts"
import { lint, lintOf, types, typesOf } from "../src/checks/programs.ts"
import * as Command from "../src/Command.ts"
import * as Runner from "../src/Runner.ts"

/** What tests of every package stand on: the vectors that programs ask for, and the command line that does what documents show. */
const ofAllProjects: ReadonlyArray<string> = [
  "packages/numerics/test/fixtures/wide.ts",
  "apps/lab/test/support/Captured.ts",
  "apps/lab/test/support/KeptThreads.ts",
  "apps/lab/test/fixtures/resident.ts",
]

/** What the generator writes, beside lists in which it is a name: the package, and its place in the lab. */
const own = "packages/heavy-ball"
const composition = "apps/lab/src/evidence/Composition.ts"

/** The compiler of effect's rules finds what tsc does, in one pass over the lab and all that it refers to, which the package is. */
const compiled: Check["run"] = async (root) => {
  const outcome = await withTypesOf("apps/lab")(root)
  return outcome.status === "absent" ? typesOf("apps/lab")(root) : outcome
}

/** Checks that are slow, of that alone which can be about the new package. */
const narrow: ReadonlyMap<Check, Check["run"]> = new Map([
  [types, compiled],
  [effect, () => Promise.resolve({ status: "passed" })],
  [lint, lintOf(own, composition)],
  [packaging, packagingOf(own)],
  [examples, examplesOf(own)],
])

/** The kernels that were compiled when the workspace was installed. */
const kernels = (): ReadonlyArray<string> => {
  const folder = "packages/numerics/src/kernels"
  return readdirSync(join(Scratch.repository, folder))
    .filter((name) => name.endsWith(".generated.ts"))
    .map((name) => join(folder, name))
}

/** Runs a program of the workspace at `root`; what it prints is the message where it fails. */
const run = async (root: string, program: string, ...args: ReadonlyArray<string>) => {
  const { code, output } = await Command.run(root, program, args, { NX_DAEMON: "false" })
  assert.strictEqual(code, 0, `${program} ${args.join(" ")}\n${output}`)
}

/** Findings elsewhere are for `npm run check` to tell: packages that know nothing of the new one are compiled for their declarations alone. */
const leaveUnjudged = (root: string): void => {
  for (const { folder } of Workspace.read(root).packages) {
    const path = join(root, folder, "tsconfig.json")
    if (folder === own || folder === "apps/lab" || !existsSync(path)) continue
    const settings = JSON.parse(readFileSync(path, "utf8")) as { readonly compilerOptions: object }
    const compilerOptions = { ...settings.compilerOptions, noCheck: true }
    writeFileSync(path, JSON.stringify({ ...settings, compilerOptions }))
  }
}

it("generates a system that keeps every rule of the house", { timeout: 600_000 }, async () => {
  const root = Scratch.folder()
  // what is compiled of the copy goes with it
  vi.stubEnv("NODE_COMPILE_CACHE", join(root, ".reports"))
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  // The tests of others tell nothing about the new package, and take their time.
  const isOthersTest = (file: string) =>
    !ofAllProjects.includes(file) && /^(?:packages|apps)\/[^/]+\/test\//.test(file)
  Scratch.copy(
    root,
    Scratch.committed().filter((file) => !isOthersTest(file)),
  )
  Scratch.install(root)
  Scratch.copy(root, kernels())
  const generator = "@nonconvex/nx-plugin:system"
  await run(root, "nx", "generate", generator, "heavy-ball", "--skipInstall", "--no-interactive")
  // npm install, which the generator would have run, links the new package.
  Scratch.link(root, own)

  const lab = readFileSync(join(root, composition), "utf8")
  assert.include(lab, 'import { HeavyBall } from "@nonconvex/heavy-ball/evidence"')
  assert.include(lab, "HeavyBall.layer")

  leaveUnjudged(root)
  await run(root, "vitest", "run", "--project", "heavy-ball")
  await run(root, "vitest", "run", "--project", "doctest", "-t", own)
  const checks = all.map((check) => ({ ...check, run: narrow.get(check) ?? check.run }))
  const results = await Runner.run(checks, root, 2, () => undefined)
  // Findings elsewhere are for `npm run check` to tell.
  const about = /heavy-ball|HeavyBall|evidence\/Composition/
  const found = results.flatMap(({ check, outcome }) =>
    outcome.status === "failed"
      ? outcome.output
          .split("\n")
          .filter((line) => about.test(line))
          .map((line) => `${check.name}: ${line}`)
      : [],
  )
  assert.deepStrictEqual(found, [])
})
