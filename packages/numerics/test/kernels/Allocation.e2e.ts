/** A call of a kernel makes no object: the heap profile of thousands has nothing but boxed results. */
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Found } from "../support/callAllocation.ts"

const program = join(import.meta.dirname, "../support/callAllocation.ts")

/** What V8 may make of a number that a call returns where it does not inline the call; an object would be more. */
const boxed = 16

describe("a call of a kernel", () => {
  it("allocates nothing on the heap but its result", { timeout: 60_000 }, () => {
    const args = ["--conditions=source", program]
    const found = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Found
    const { "an array": array, ...kernels } = found
    // The profile sees what is allocated.
    assert.isAbove(array!, 64)
    assert.isAtLeast(Object.keys(kernels).length, 20)
    const more = Object.entries(kernels).filter(([, bytes]) => bytes > boxed + 1)
    assert.deepStrictEqual(more, [])
  })
})
