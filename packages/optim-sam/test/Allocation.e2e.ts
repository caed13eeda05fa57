/** A step allocates nothing: the heap profile of ten million of them is empty. */
import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")

/** Bytes; the compiler may still make a few objects of its own, and a boxed number a step would be 16. */
const most = 0.05

const measure = (method: string, base: string, steps: number): Found =>
  Memory.run(program, method, base, steps) as Found

describe("the memory of a step", () => {
  it("is nothing, over 10,000,000 steps of SAM", () => {
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

  it.each(others)("is nothing, over 1,000,000 steps of %s with %s", (...which) => {
    assert.isAtMost(measure(...which, 1_000_000).bytesPerStep, most)
  })
})
