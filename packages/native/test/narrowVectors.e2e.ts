/**
 * The tests of products, factors, eigenvalues, grids and convolutions on each narrower vector set of the processor, in a process
 * that is told to use it.
 */
import { Exit } from "effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { tmpdir } from "node:os"
import process from "node:process"
import { afterAll, assert, describe, it } from "vitest"
import { found } from "./support/Found.ts"

const root = join(import.meta.dirname, "../../..")
const program = join(
  dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
)

const files = [
  "products",
  "factors",
  "eigen",
  "spectral",
  "grid",
  "images",
  "threads",
  "vectors",
].map((name) => `packages/native/test/${name}.test.ts`)

const narrower: Readonly<Record<string, ReadonlyArray<string>>> = {
  "AVX-512": ["AVX2", "SSE2"],
  AVX2: ["SSE2"],
}

/** The environment without the variables of the test runner. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")),
)

interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numTotalTests: number
}

const all = Exit.isSuccess(found) ? (narrower[found.value.vectors] ?? []) : []

const folder = mkdtempSync(join(tmpdir(), "nonconvex-native-"))
afterAll(() => rmSync(folder, { recursive: true }))

describe("narrower vectors", () => {
  it("do what the widest do", { timeout: 600_000 }, () => {
    if (all.length === 0) return console.info("skipped: there is no module, or no narrower vectors")
    for (const vectors of all) {
      const file = join(folder, `${vectors}.json`)
      const reporting = ["--reporter", "json", "--outputFile", file]
      const { stderr, stdout } = spawnSync(
        process.execPath,
        [program, "run", "--project", "native", ...reporting, ...files],
        {
          cwd: root,
          encoding: "utf8",
          env: { ...environment, NONCONVEX_NATIVE_VECTORS: vectors },
        },
      )
      const report = JSON.parse(readFileSync(file, "utf8")) as Report
      assert.isTrue(report.success, `${vectors}: ${stdout}${stderr}`)
      assert.strictEqual(report.numPassedTests, report.numTotalTests)
      assert.isAtLeast(report.numTotalTests, 60)
    }
  })
})
