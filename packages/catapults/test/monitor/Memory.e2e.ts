import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Used } from "../support/monitorMemory.ts"

describe("the memory of a monitor", () => {
  it("depends neither on the number of steps nor on that of spikes", { timeout: 60_000 }, () => {
    const program = join(import.meta.dirname, "../support/monitorMemory.ts")
    const used = Memory.run(program) as Used
    // a spike every 26 steps
    assert.isAbove(used.diagnoses, 3000)
    // one number kept of each of 32,000 steps would be 768 kB for the three monitors
    assert.isAtMost(used.many - used.few, 64 * 1024, JSON.stringify(used))
  })
})
