import * as Resumption from "@nonconvex/problems/Resumption"
import { assert, describe, it } from "vitest"

describe("every method", () => {
  it("goes on bit for bit from a snapshot at any step, in a new process", async () => {
    const list = new URL("./support/resumable.ts", import.meta.url)
    assert.deepStrictEqual(await Resumption.differences(list), [])
  }, 60_000)
})
