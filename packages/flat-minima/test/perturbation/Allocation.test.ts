/** A step of any method allocates no array and no object: the heap profile of many has nothing but boxed numbers. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "../support/allocation.ts"

const program = join(import.meta.dirname, "../support/allocation.ts")

const steps = 200_000

/** What V8 makes of a number that a call returns where it does not inline the call; an array would be 100 bytes and more. */
const boxed = 16

/** Calls that return a number in a step: itself, evaluations of the objective and of samples, and 3 for a point on the sphere. */
const methods: ReadonlyArray<readonly [name: string, returns: number]> = [
  ["smoothed", 1 + 2 + 3],
  ["smoothed antithetic", 1 + 5 + 2 * 3],
  ["sharpness-aware", 1 + 3],
  ["sharpness-aware batch", 1 + 10],
  ["flat descent", 1 + 5],
  ["flat descent off the gradient", 1 + 5],
  ["smoothed flat descent", 1 + 5 + 2 * 3],
]

describe("the memory of a step", () => {
  it.each(methods)(
    "is no more than boxed numbers, over 200,000 steps of %s",
    { timeout: 90_000 },
    (method, returns) => {
      const found = Memory.run(program, method, steps) as Found
      assert.strictEqual(found.status, "running")
      assert.strictEqual(found.taken, found.steps)
      // it was at work
      assert.isAbove(found.moved, 0.1)
      assert.isAtMost(found.bytesPerStep, returns * boxed + 1)
    },
  )
})
