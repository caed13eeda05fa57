import { assert, describe, it } from "vitest"
import * as Resumption from "../src/Resumption.ts"
import { cases } from "./support/resumable.ts"

describe("a run that stops at any step, is written, read in a new process, and goes on", () => {
  it("takes the same steps bit for bit, for every method", { timeout: 60_000 }, async () => {
    assert.isAtLeast(cases.length, 39)
    const list = new URL("./support/resumable.ts", import.meta.url)
    assert.deepStrictEqual(await Resumption.differences(list), [])
  })

  it("is found to differ where something was forgotten", { timeout: 60_000 }, async () => {
    const list = new URL("./support/forgetful.ts", import.meta.url)
    const found = await Resumption.differences(list, { steps: 3 })
    assert.deepStrictEqual(found, [
      { name: "a counter in a closure", stop: 1, field: "end.returned.0.state.value" },
      { name: "a counter in a closure", stop: 2, field: "end.returned.0.state.value" },
      { name: "a stream in an object with functions", stop: 1, field: "end.state.state.last" },
      { name: "a stream in an object with functions", stop: 2, field: "end.state.state.last" },
      {
        name: "a returned value that depends on the past",
        stop: 1,
        field: "end.returned.0.state.value",
      },
      {
        name: "a returned value that depends on the past",
        stop: 2,
        field: "end.returned.0.state.value",
      },
    ])
  })
})
