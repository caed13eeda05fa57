import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import * as LookPause from "../../src/queue/LookPause.ts"

describe("the pause after a query", () => {
  it.each([
    ["1 millis", 500],
    ["40 millis", 800],
    ["10 minutes", 30_000],
  ] as const)("of %s has %d ms", (asked, expected) => {
    assert.strictEqual(LookPause.after(Duration.fromInputUnsafe(asked), 500), expected)
  })
})
