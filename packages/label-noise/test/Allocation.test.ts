/** A step of label-noise SGD allocates no array and no object: the heap profile of many has nothing but boxed numbers. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Allocated } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")
const steps = 200_000

/** What V8 makes of the numbers that calls take and return where it does not inline them; an array would be 100 bytes and more. */
const boxed = 64

describe("the memory of a step", () => {
  it.each([
    ["preactivations", 1],
    ["preactivations", 3],
    ["parameters", 1],
    ["parameters", 3],
  ] as const)(
    "is no more than boxed numbers, over 200,000 steps in %s with a batch of %i",
    { timeout: 30_000 },
    (form, batch) => {
      const { status, stderr, stdout } = spawnSync(
        process.execPath,
        ["--conditions=source", program, form, String(batch), String(steps)],
        { encoding: "utf8" },
      )
      assert.strictEqual(status, 0, stderr)
      const found = JSON.parse(stdout) as Allocated
      assert.strictEqual(found.status, "running")
      assert.strictEqual(found.steps, 2 * steps)
      assert.isAtMost(found.sampled / steps, boxed)
    },
  )
})
