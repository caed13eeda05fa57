import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as EditDistance from "../src/cli/EditDistance.ts"

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 })

describe("EditDistance", () => {
  it("knows the distances of textbooks", () => {
    assert.strictEqual(EditDistance.distance("kitten", "sitting"), 3)
    assert.strictEqual(EditDistance.distance("", "abc"), 3)
    assert.strictEqual(EditDistance.distance("flaw", "lawn"), 2)
  })

  it("is a metric", () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        const { distance } = EditDistance
        assert.strictEqual(distance(a, b) === 0, a === b)
        assert.strictEqual(distance(a, b), distance(b, a))
        assert.isAtMost(distance(a, c), distance(a, b) + distance(b, c))
      }),
    )
  })

  it("suggests what is near, the nearest first, and what contains the name", () => {
    const known = ["optim-sam", "optim-sgd", "catapults", "label-noise"]
    assert.deepStrictEqual(EditDistance.names("optim-sma", known), ["optim-sam", "optim-sgd"])
    assert.deepStrictEqual(EditDistance.names("noise", known), ["label-noise"])
    assert.deepStrictEqual(EditDistance.names("quicksort", known), [])
  })
})
