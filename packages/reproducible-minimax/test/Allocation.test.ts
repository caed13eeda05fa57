/** A step allocates nothing: one boxed number a step would be 800 kB in 50,000 steps. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Grown } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")

describe("the memory of 50,000 steps", () => {
  it.each(["gradient", "accelerated", "extragradient", "optimistic"])(
    "of %s is nothing",
    { timeout: 30_000 },
    (scheme) => {
      const { status, stderr, stdout } = spawnSync(
        process.execPath,
        ["--conditions=source", program, scheme, "50000"],
        { encoding: "utf8" },
      )
      assert.strictEqual(status, 0, stderr)
      assert.isAtMost((JSON.parse(stdout) as Grown).bytes, 2 ** 17)
    },
  )
})
