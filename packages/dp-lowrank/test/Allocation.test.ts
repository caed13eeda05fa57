/** A step of the Dyson flow allocates no array and no object: the heap profile of many has nothing but boxed numbers. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Allocated } from "./support/allocation.ts"

const program = join(import.meta.dirname, "support/allocation.ts")

const measure = (dimension: number, steps: number): Allocated => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", program, String(dimension), String(steps)],
    { encoding: "utf8" },
  )
  assert.strictEqual(status, 0, stderr)
  return JSON.parse(stdout) as Allocated
}

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
      const { position, residual, sampled, steps: taken } = measure(dimension, steps)
      assert.strictEqual(taken, 10_000 + steps)
      assert.isBelow(residual, 1e-9)
      // the eigenvalues repelled one another
      assert.isAbove(position[0]! - position[1]!, 1)
      assert.isAtMost(sampled / steps, returns * boxed + 1)
    },
  )
})
