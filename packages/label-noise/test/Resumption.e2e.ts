import * as Resumption from "@nonconvex/problems/Resumption"
import { assert, describe, it } from "vitest"

describe("label-noise SGD", () => {
  it("goes on to the same bits from any step, in another process", async () => {
    const list = new URL("./support/resumable.ts", import.meta.url)
    assert.deepStrictEqual(await Resumption.differences(list), [])
  }, 60_000)
})
