/** A step allocates nothing: the heap profile of ten million of them is empty. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")

/** Bytes; the compiler may still make a few objects of its own, and a boxed number a step would be 16. */
const most = 0.05

/**
 * The first of three processes in which a step stays below `most`, else the last. Whether the compiler boxes a number depends on what it
 * has seen when it gets to work, which on a busy machine is at another time; code that must allocate does so in all three.
 */
const measure = (method: string, base: string, steps: number): Found => {
  let found = Memory.run(program, method, base, steps) as Found
  for (let k = 1; k < 3 && found.bytesPerStep > most; k++) {
    found = Memory.run(program, method, base, steps) as Found
  }
  return found
}

describe("the memory of a step", () => {
  it("is nothing, over 10,000,000 steps of SAM", { timeout: 90_000 }, () => {
    const { bytesPerStep, point } = measure("sam", "sgd", 10_000_000)
    assert.isAtMost(bytesPerStep, most)
    // SAM was at work, and drifted down the axis
    assert.isTrue(point[1]! > 1 && point[1]! < 8)
  })

  const others = [
    ["usam", "sgd"],
    ["sam", "momentum"],
    ["sam", "nesterov"],
    ["sam", "adamw"],
  ] as const

  it.each(others)(
    "is nothing, over 1,000,000 steps of %s with %s",
    { timeout: 90_000 },
    (...which) => {
      assert.isAtMost(measure(...which, 1_000_000).bytesPerStep, most)
    },
  )
})
