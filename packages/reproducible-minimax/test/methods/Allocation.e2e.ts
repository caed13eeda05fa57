/** A step allocates nothing; one boxed number a step would be 16 bytes. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "../support/allocation.ts"

const program = join(import.meta.dirname, "../support/allocation.ts")

describe("the memory of a step", () => {
  it.each(["gradient", "accelerated", "extragradient", "optimistic"])(
    "of %s is nothing",
    (scheme) => {
      const { bytesPerStep, point } = Memory.run(program, scheme, 50_000) as Found
      // the compiler may still make a few objects of its own
      assert.isAtMost(bytesPerStep, 1)
      // it was at work
      assert.notDeepEqual(point, [1, 0, 0, 0, 1, 0])
    },
  )
})
