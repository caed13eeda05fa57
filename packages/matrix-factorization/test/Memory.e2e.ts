/** A step allocates no array, and a completion stays within its memory limit. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Completed, Found } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")

describe("memory", () => {
  it("of 50,000 label-noise steps is a few boxed numbers each", { timeout: 60_000 }, () => {
    const { bytesPerStep, loss } = Memory.run(program, "steps", 50_000) as Found
    // no array: what there is are numbers that cross calls, 16 bytes each, less than eight a step
    assert.isBelow(bytesPerStep, 8 * 16)
    assert.isTrue(loss > 0 && loss < 1)
  })

  it(
    "of a 200 x 200 completion of rank 5 to a gap of 1e-8 is below 300 MB",
    { timeout: 60_000 },
    () => {
      const { megabytes, relativeGap, status } = Memory.run(program, "completion") as Completed
      assert.strictEqual(status, "certified")
      assert.isAtMost(relativeGap, 1e-8)
      assert.isBelow(megabytes, 300)
    },
  )
})
