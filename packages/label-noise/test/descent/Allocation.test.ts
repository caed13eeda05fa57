/** A step of label-noise SGD allocates no array and no object: the heap profile of many has nothing but boxed numbers. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "./support/allocation.ts"

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
      const found = Memory.run(program, form, batch, steps) as Found
      assert.strictEqual(found.status, "running")
      assert.strictEqual(found.taken, found.steps)
      assert.isAtMost(found.bytesPerStep, boxed)
    },
  )
})
