/** The measure of memory sees an array that a step makes, and nothing where there is nothing. */
import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as Memory from "../src/Memory.ts"
import type { Found } from "./support/memory.ts"

const program = join(import.meta.dirname, "support/memory.ts")

describe("what a step allocates", () => {
  it("is nothing where it works in place", () => {
    const { bytesPerStep, steps, sum } = Memory.run(program, "in place", 100_000) as Found
    // the compiler may still make an object or two of its own
    assert.isAtMost(bytesPerStep, 0.1)
    assert.strictEqual(sum, steps)
    assert.include([200_000, 300_000, 400_000, 500_000, 600_000], steps)
  })

  it.each(["a copy", "a copy, renamed"])(
    "is an array where it makes %s, also if it is collected",
    (what) => {
      const { bytesPerStep, steps } = Memory.run(program, what, 20_000) as Found
      assert.strictEqual(steps, 100_000 + 5 * 20_000)
      // 80 bytes of elements at least; V8's own parts of a typed array are more than twice as many
      assert.isAtLeast(bytesPerStep, 80)
      assert.isAtMost(bytesPerStep, 800)
    },
  )

  it("is an object where it makes one, though a compiler could spare it", () => {
    const { bytesPerStep } = Memory.run(program, "an object", 20_000) as Found
    // a header of three words and two fields, 40 bytes but for the chance of the samples
    assert.isAtLeast(bytesPerStep, 32)
  })

  it("is the same whenever it is measured", () => {
    const found = Array.from({ length: 2 }, () => Memory.run(program, "a copy", 20_000) as Found)
    const [one, other] = found.map(({ bytesPerStep }) => bytesPerStep)
    // but for the chance of the samples: 20,000 steps have thousands
    assert.closeTo(one! / other!, 1, 0.1)
  })
})

describe("what stays", () => {
  it("is what is referred to", () => {
    assert.isAtMost(Memory.run(program, "kept", 0) as number, 200_000)
    assert.isAtLeast(Memory.run(program, "kept", 1000) as number, 800_000)
  })
})

it("says why a program failed", () => {
  assert.throws(() => Memory.run(program, "fails"), /no steps today/)
})
