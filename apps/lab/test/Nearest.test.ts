import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as Nearest from "../src/cli/Nearest.ts"

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 })

describe("Nearest", () => {
  it("knows the distances of textbooks", () => {
    assert.strictEqual(Nearest.distance("kitten", "sitting"), 3)
    assert.strictEqual(Nearest.distance("", "abc"), 3)
    assert.strictEqual(Nearest.distance("flaw", "lawn"), 2)
  })

  it("is a metric", () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        const { distance } = Nearest
        assert.strictEqual(distance(a, b) === 0, a === b)
        assert.strictEqual(distance(a, b), distance(b, a))
        assert.isAtMost(distance(a, c), distance(a, b) + distance(b, c))
      }),
    )
  })

  it("suggests what is near, the nearest first, and what contains the name", () => {
    const known = ["optim-sam", "optim-sgd", "catapults", "label-noise"]
    assert.deepStrictEqual(Nearest.names("optim-sma", known), ["optim-sam", "optim-sgd"])
    assert.deepStrictEqual(Nearest.names("noise", known), ["label-noise"])
    assert.deepStrictEqual(Nearest.names("quicksort", known), [])
  })
})
