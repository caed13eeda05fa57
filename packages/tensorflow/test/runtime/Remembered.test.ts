/** What is computed of shapes once. */
import { assert, describe, it } from "@effect/vitest"
import { remembered } from "../../src/runtime/Remembered.ts"

describe("remembered", () => {
  it("computes once for a key, and again after as many others as it holds", () => {
    const known = remembered<string>()
    const computed: Array<string> = []
    const of = (key: string) =>
      known(key, () => {
        computed.push(key)
        return `of ${key}`
      })
    assert.deepStrictEqual([of("a"), of("b"), of("a")], ["of a", "of b", "of a"])
    assert.deepStrictEqual(computed, ["a", "b"])
    for (let i = 0; i < 4096; i++) of(String(i))
    assert.strictEqual(of("a"), "of a")
    assert.deepStrictEqual(
      computed.filter((key) => key === "a"),
      ["a", "a"],
    )
  })
})
