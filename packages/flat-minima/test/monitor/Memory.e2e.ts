import * as Memory from "@nonconvex/evidence/memory"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import type { Used } from "../support/monitorMemory.ts"

describe("the memory of a monitor", () => {
  it("does not depend on the number of readings", { timeout: 120_000 }, () => {
    const program = join(import.meta.dirname, "../support/monitorMemory.ts")
    const used = Memory.run(program) as Used
    // one number kept of each of 4,000 readings would be 64 kB for the two monitors
    assert.isAtMost(used.many - used.few, 48 * 1024, JSON.stringify(used))
  })
})
