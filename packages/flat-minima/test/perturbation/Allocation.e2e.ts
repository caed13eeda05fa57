/** A step of any method allocates nothing: the heap profile of many steps has less than a number per step. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "../support/allocation.ts"

const program = join(import.meta.dirname, "../support/allocation.ts")

const steps = 200_000

/**
 * Bytes of a boxed number, the least that a step can allocate. Rare branches of a step, such as drawing a normal number, may
 * allocate some.
 */
const boxed = 16

const methods = [
  "smoothed",
  "smoothed antithetic",
  "sharpness-aware",
  "sharpness-aware batch",
  "flat descent",
  "flat descent off the gradient",
  "smoothed flat descent",
]

describe("the memory of a step", () => {
  it.each(methods)("is nothing, over 200,000 steps of %s", (method) => {
    const found = Memory.run(program, method, steps) as Found
    assert.strictEqual(found.status, "running")
    assert.strictEqual(found.taken, found.steps)
    // it was at work
    assert.isAbove(found.moved, 0.1)
    assert.isBelow(found.bytesPerStep, boxed)
  })
})
