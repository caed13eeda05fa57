/** A step of the Dyson flow allocates no array and no object: the heap profile of many has nothing but boxed numbers. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "../support/allocation.ts"

const program = join(import.meta.dirname, "../support/allocation.ts")

/** What V8 makes of a number that a call returns where it does not inline the call; an array would be 100 bytes and more. */
const boxed = 16

/** Calls of a step that return a number: the derivatives, the length, and the objective before and after. */
const returns = 4

describe("the memory of a step", () => {
  it.each([
    [2, 100_000],
    [4, 50_000],
    [24, 10_000],
  ])(
    "is no more than boxed numbers, of %d eigenvalues over %d steps",
    { timeout: 30_000 },
    (dimension, steps) => {
      const found = Memory.run(program, dimension, steps) as Found
      assert.strictEqual(found.taken, found.steps)
      assert.isBelow(found.residual, 1e-9)
      // the eigenvalues repelled one another
      assert.isAbove(found.position[0]! - found.position[1]!, 1)
      assert.isAtMost(found.bytesPerStep, returns * boxed + 1)
    },
  )
})
