/** What an error says, in a line that a terminal only shows. */
import { assert, describe, it } from "@effect/vitest"
import { oneLine } from "../src/cli/Failure.ts"

describe("oneLine", () => {
  it("joins the lines of a message", () => {
    assert.strictEqual(oneLine(" first\n    second\n"), "first second")
  })

  it("escapes what steers a terminal, and leaves words of any language", () => {
    const name = "a\u001B[31m\u0007\u202Eb\u009B größe ⟨x⟩ 数"
    assert.strictEqual(oneLine(name), String.raw`a\u001b[31m\u0007\u202eb\u009b größe ⟨x⟩ 数`)
  })
})
