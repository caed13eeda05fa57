import * as Resumption from "@nonconvex/problems/Resumption"
import { assert, describe, it } from "vitest"

describe("a run that stops at any step", () => {
  it("goes on from its state in a new process, bit for bit", { timeout: 60_000 }, async () => {
    const list = new URL("./support/resumable.ts", import.meta.url)
    assert.deepStrictEqual(await Resumption.differences(list), [])
  })
})
