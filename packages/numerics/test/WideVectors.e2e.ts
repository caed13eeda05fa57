import { spawnSync } from "node:child_process"
import { join } from "node:path"
import process from "node:process"
import { enableWideVectors, vectors } from "@nonconvex/numerics/WideVectors"
import { assert, describe, it } from "vitest"
import type { Answers } from "./kernels/bundle.ts"
import { fingerprint } from "./kernels/engineEntry.ts"

const ran = (args: ReadonlyArray<string>, environment: NodeJS.ProcessEnv = {}): string => {
  const { stderr, stdout } = spawnSync(process.execPath, ["--conditions=source", ...args], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
  })
  assert.strictEqual(stderr, "")
  return stdout
}

/** The answer in a program of its own. */
const answer = (call: string, environment?: NodeJS.ProcessEnv) => {
  const source = join(import.meta.dirname, "../src/WideVectors.ts")
  const program = `const { enableWideVectors, vectors } = await import(${JSON.stringify(source)}); process.stdout.write(JSON.stringify(${call}))`
  return JSON.parse(ran(["--input-type=module", "--eval", program], environment)) as ReturnType<
    typeof vectors
  >
}

describe("wide vectors", () => {
  it("are asked for once, and answered alike from then on", () => {
    assert.deepStrictEqual(vectors(), enableWideVectors())
    assert.deepStrictEqual(answer("enableWideVectors()"), enableWideVectors())
  })

  it("stay out where the program does not ask, or is told not to", () => {
    const reason = "NONCONVEX_VECTORS asks for 128 bits"
    const told = answer("enableWideVectors()", { NONCONVEX_VECTORS: "128" })
    assert.deepStrictEqual(told, { bits: 128, reason })
    const unasked = "the program did not request them"
    assert.deepStrictEqual(answer("vectors()"), { bits: 128, reason: unasked })
  })

  it.runIf(process.arch === "x64")("hold every law, with the bits of single ones", () => {
    const found = JSON.parse(
      ran([join(import.meta.dirname, "fixtures/joinedVectors.ts")]),
    ) as Answers
    assert.deepStrictEqual(found, { failures: [], fingerprint: fingerprint() })
  })
})
