/** A step of label-noise SGD allocates nothing: the heap profile of many steps has less than a number per step. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")
const steps = 200_000

/** Bytes of a boxed number, the least that a step can allocate; rare branches of a step may allocate some. */
const boxed = 16

describe("the memory of a step", () => {
  it.each([
    ["preactivations", 1],
    ["preactivations", 3],
    ["parameters", 1],
    ["parameters", 3],
  ] as const)("is nothing, over 200,000 steps in %s with a batch of %i", (form, batch) => {
    const found = Memory.run(program, form, batch, steps) as Found
    assert.strictEqual(found.status, "running")
    assert.strictEqual(found.taken, found.steps)
    assert.isBelow(found.bytesPerStep, boxed)
  })
})
