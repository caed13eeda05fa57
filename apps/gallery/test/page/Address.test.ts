import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Address from "../../src/page/Address.ts"

describe("an address", () => {
  it("is the same again, whatever the words of its query", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("", "toy", "toy/dice", "study-robustness"),
        fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })),
        (path, query) => {
          const read = Address.parse(Address.format({ path, query }))
          assert.strictEqual(read.path, path)
          assert.deepStrictEqual({ ...read.query }, { ...query })
        },
      ),
    )
  })

  it("that nobody wrote is read as far as it goes", () => {
    assert.deepStrictEqual(Address.parse("#toy/none%"), { path: "toy/none%", query: {} })
    assert.deepStrictEqual(Address.parse(""), { path: "", query: {} })
    assert.deepStrictEqual(Address.parse("#a?b"), { path: "a", query: { b: "" } })
  })
})
