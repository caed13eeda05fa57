/** A step of the Dyson flow allocates nothing: the heap profile of many has less than a number each. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "../support/allocation.ts"

const program = join(import.meta.dirname, "../support/allocation.ts")

/** Bytes of a number as an object, the least that a step can make. */
const boxed = 16

describe("the memory of a step", () => {
  it.each([
    [2, 100_000],
    [4, 50_000],
    [24, 10_000],
  ])("is nothing, of %d eigenvalues over %d steps", (dimension, steps) => {
    const found = Memory.run(program, dimension, steps) as Found
    assert.strictEqual(found.taken, found.steps)
    assert.isBelow(found.residual, 1e-9)
    // the eigenvalues repelled one another
    assert.isAbove(found.position[0]! - found.position[1]!, 1)
    assert.isBelow(found.bytesPerStep, boxed)
  })
})
