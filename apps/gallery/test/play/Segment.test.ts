import { assert, describe, it } from "@effect/vitest"
import { near } from "../../src/play/Segment.ts"

const picture = { left: 0, right: 100, top: 0, bottom: 50 }

describe("the part of a segment near a picture", () => {
  it("is all of one that stays there, and none of one that passes by", () => {
    assert.deepStrictEqual(near([1, 2], [30, 40], picture), [
      [1, 2],
      [30, 40],
    ])
    assert.deepStrictEqual(near([5, 5], [5, 5], picture), [
      [5, 5],
      [5, 5],
    ])
    assert.isUndefined(near([-500, 0], [-500, 50], picture))
    assert.isUndefined(near([300, 0], [1e30, 1], picture))
    assert.isUndefined(near([0, 0], [Number.NaN, 1], picture))
  })

  it("goes the way of one that ends far away, and ends near the picture", () => {
    const [from, to] = near([50, 25], [3e32, 6e32], picture)!
    assert.deepStrictEqual(from, [50, 25])
    assert.closeTo(to[1], 100, 1e-9)
    assert.closeTo((to[1] - 25) / (to[0] - 50), 2, 1e-9)
  })
})
