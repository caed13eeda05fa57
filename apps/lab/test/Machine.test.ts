import { assert, describe, it } from "@effect/vitest"
import * as Machine from "../src/cli/Machine.ts"

describe("Machine.node", () => {
  it("tells releases that run sources, packages, and nothing", () => {
    const states = ["v26.10.0", "v22.18.0", "v22.17.1", "v20.11.0", "v20.9.0", "v18.20.4"].map(
      (version) => Machine.node(version).state,
    )
    assert.deepStrictEqual(states, ["good", "good", "note", "note", "bad", "bad"])
  })
})
