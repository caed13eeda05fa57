// The generator of a system against all checks, in a copy of the workspace.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it, onTestFinished, vi } from "vitest"
import * as Scratch from "../../testing/src/Scratch.ts"
import { all } from "../src/All.ts"
import { lint, lintOf } from "../src/checks/programs.ts"
import * as Command from "../src/Command.ts"
import * as Runner from "../src/Runner.ts"

/** What tests of every package stand on: the vectors that programs ask for, and the command line that does what documents show. */
const ofAllProjects: ReadonlyArray<string> = [
  "packages/numerics/test/fixtures/wide.ts",
  "apps/lab/test/support/Captured.ts",
  "apps/lab/test/support/KeptThreads.ts",
  "apps/lab/test/fixtures/resident.ts",
]

/** The kernels that were compiled when the workspace was installed. */
const compiled = (): ReadonlyArray<string> => {
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
  Scratch.copy(root, compiled())
  const generator = "@nonconvex/nx-plugin:system"
  await run(root, "nx", "generate", generator, "heavy-ball", "--skipInstall", "--no-interactive")
  // npm install, which the generator would have run, links the new package.
  Scratch.link(root, "packages/heavy-ball")

  const lab = readFileSync(join(root, "apps/lab/src/evidence/Composition.ts"), "utf8")
  assert.include(lab, 'import { HeavyBall } from "@nonconvex/heavy-ball/evidence"')
  assert.include(lab, "HeavyBall.layer")

  await run(root, "vitest", "run", "--project", "heavy-ball")
  await run(root, "vitest", "run", "--project", "doctest", "-t", "packages/heavy-ball")
  // only what the generator wrote can be about the new package
  const written = lintOf("packages/heavy-ball", "apps/lab/src")
  const checks = all.map((check) => (check === lint ? { ...lint, run: written } : check))
  const results = await Runner.run(checks, root, 2, () => undefined)
  // Findings elsewhere are for `npm run check` to tell.
  const about = /heavy-ball|HeavyBall/
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
