import * as Resumption from "@nonconvex/problems/Resumption"
import { assert, describe, it } from "vitest"
import * as Run from "../src/solve/Run.ts"
import { cases } from "./support/resumable.ts"

describe("a stored run", () => {
  it(
    "goes on in another process with the same bits, whatever the method",
    { timeout: 60_000 },
    async () => {
      const list = new URL("./support/resumable.ts", import.meta.url)
      assert.deepStrictEqual(await Resumption.differences(list, { steps: 60 }), [])
    },
  )

  it("of proximal steps is stopped in several stages", () => {
    const { state, step } = cases.find(({ name }) => name === "proximal steps")!.begin()
    const run = state as Run.Run
    for (let k = 0; k < 60; k++) step()
    assert.isAtLeast(run.finished, 2)
    assert.isUndefined(Run.certified(run))
  })
})
