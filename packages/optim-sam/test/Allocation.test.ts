/** A step allocates nothing: the heap profile of ten million of them is empty. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Allocated } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")

const measure = (method: string, base: string, steps: number): Allocated => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", program, method, base, String(steps)],
    { encoding: "utf8" },
  )
  assert.strictEqual(status, 0, stderr)
  return JSON.parse(stdout) as Allocated
}

/** One boxed number a step would be 16 bytes a step: 160 MB in ten million. */
const kilobyte = 1024

describe("the memory of a step", () => {
  it("is nothing, over 10,000,000 steps of SAM", { timeout: 30_000 }, () => {
    const { grown, point, sampled } = measure("sam", "sgd", 10_000_000)
    assert.isAtMost(sampled, 64 * kilobyte)
    assert.isAtMost(grown, 512 * kilobyte)
    // SAM was at work, and drifted down the axis
    assert.isTrue(point[1]! > 1 && point[1]! < 8)
  })

  const others = [
    ["usam", "sgd"],
    ["sam", "momentum"],
    ["sam", "nesterov"],
    ["sam", "adamw"],
  ] as const

  it.each(others)(
    "is nothing, over 1,000,000 steps of %s with %s",
    { timeout: 30_000 },
    (...which) => {
      const { grown, sampled } = measure(...which, 1_000_000)
      assert.isAtMost(sampled, 64 * kilobyte)
      assert.isAtMost(grown, 512 * kilobyte)
    },
  )
})
