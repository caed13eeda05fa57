import { assert, describe, it } from "@effect/vitest"
import { sentence } from "../../src/reference/Pages.ts"

describe("the description of a module", () => {
  it("is its first sentence, which a colon does not end", () => {
    assert.strictEqual(
      sentence("Replays: a token, and what it names.\nMore follows."),
      "Replays: a token, and what it names.",
    )
    assert.strictEqual(
      sentence("Data sets 1.5 times as large. And more."),
      "Data sets 1.5 times as large.",
    )
  })
})
