// The generator of a system against all checks, in a copy of the workspace.
import { globSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it, onTestFinished, vi } from "vitest"
import * as Scratch from "../../testing/src/Scratch.ts"
import { all } from "../src/All.ts"
import type { Check } from "../src/Check.ts"
import { bundle, bundleOf } from "../src/checks/bundle.ts"
import { effect, effectOf } from "../src/checks/effect.ts"
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

/** Of the composition others see that it gives systems, of a type that is declared: it is checked without them. */
const settings = {
  extends: "./tsconfig.effect.json",
  // what would be told of a declaration is told, though none is written
  compilerOptions: { declaration: true },
  // with what packages declare of libraries that have no types
  include: [own, composition, "packages/*/src/**/*.d.ts", "apps/*/src/**/*.d.ts"],
}
const project = "tsconfig.narrow.json"

/** The compiler of effect's rules finds what tsc does; where it is not installed that is left. */
const compiled: Check["run"] = async (root) => {
  const outcome = await effectOf(project)(root)
  return outcome.status === "absent"
    ? Command.decides(root, "tsc", ["-p", project, "--pretty", "false"])
    : outcome
}

/** Checks that are slow, of that alone which can be about the new package. */
const narrow: ReadonlyMap<Check, Check["run"]> = new Map([
  [types, typesOf(own)],
  [effect, compiled],
  [lint, lintOf(own, composition)],
  [packaging, packagingOf(own)],
  [examples, examplesOf(own)],
  [bundle, bundleOf(own)],
])

/** The kernels that were compiled when the workspace was installed. */
const kernels = (): ReadonlyArray<string> =>
  globSync("packages/*/src/**/*.generated.ts", { cwd: Scratch.repository })

/** Runs a program of the workspace at `root`; what it prints is the message where it fails. */
const run = async (root: string, program: string, ...args: ReadonlyArray<string>) => {
  const { code, output } = await Command.run(root, program, args, { NX_DAEMON: "false" })
  assert.strictEqual(code, 0, `${program} ${args.join(" ")}\n${output}`)
}

/** Findings elsewhere are for `npm run check` to tell: sources that know nothing of the new package are read for what they declare alone. */
const leaveUnjudged = (root: string, written: ReadonlyArray<string>): void => {
  for (const file of written) {
    if (file === composition || !/^(?:packages|apps)\/.*(?<!\.d)\.tsx?$/.test(file)) continue
    const path = join(root, file)
    writeFileSync(path, `// @ts-nocheck\n${readFileSync(path, "utf8")}`)
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
  const copied = [...Scratch.committed().filter((file) => !isOthersTest(file)), ...kernels()]
  Scratch.copy(root, copied)
  Scratch.install(root)
  const generator = "@nonconvex/nx-plugin:system"
  await run(root, "nx", "generate", generator, "heavy-ball", "--skipInstall", "--no-interactive")
  // npm install, which the generator would have run, links the new package.
  Scratch.link(root, own)

  const lab = readFileSync(join(root, composition), "utf8")
  assert.include(lab, '["heavy-ball", () => import("@nonconvex/heavy-ball/evidence")]')

  await run(root, "vitest", "run", "--project", "heavy-ball")
  await run(root, "vitest", "run", "--project", "doctest", "-t", own)
  leaveUnjudged(root, copied)
  writeFileSync(join(root, project), JSON.stringify(settings))
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
