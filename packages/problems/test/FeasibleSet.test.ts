import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as FeasibleSet from "../src/FeasibleSet.ts"
import { points } from "./support/Problems.ts"
import { along } from "./support/Slopes.ts"

const sets = [
  { title: "ball", set: FeasibleSet.ball(1.5) },
  { title: "box", set: FeasibleSet.box(0.8) },
  {
    title: "box of its own bounds",
    set: FeasibleSet.boxBetween(Float64Array.of(-1, 0, 2, -3), Float64Array.of(1, 0, 3, -2)),
  },
  { title: "simplex", set: FeasibleSet.simplex() },
  { title: "simplex of total 3", set: FeasibleSet.simplex(3) },
  {
    title: "product",
    set: FeasibleSet.product([FeasibleSet.simplex(), 2], [FeasibleSet.ball(0.5), 2]),
  },
  {
    title: "moved ball",
    set: FeasibleSet.translated(FeasibleSet.ball(0.7), Float64Array.of(1, -1, 0.5, 2)),
  },
]

const outside = points(4, 24, 3, "sets")

describe.each(sets)("$title", ({ set }) => {
  const project = (x: Float64Array): Float64Array => {
    const copy = x.slice()
    set.project(copy, 0, 4)
    return copy
  }

  it("projects onto the nearest point: the rest supports the set there", () => {
    for (const x of outside) {
      const p = project(x)
      const rest = along(x, -1, p)
      assert.approximately(Vector.dot(rest, p), set.support(rest, 0, 4), 1e-13)
    }
  })

  it("projects twice to the same point, to some ulps", () => {
    for (const x of outside) {
      assert.isAtMost(Vector.distance(project(project(x)), project(x)), 1e-15)
    }
  })

  it("bounds the distance to each of its points, and between them", () => {
    for (const x of outside) {
      for (const y of outside) {
        const p = project(y)
        assert.isAtMost(Vector.distance(x, p), set.reach(x, 0, 4) * (1 + 1e-14))
        assert.isAtMost(Vector.distance(project(x), p), set.diameter(4) * (1 + 1e-14))
      }
    }
  })

  it("leaves what is not its own", () => {
    const x = Float64Array.of(9, ...outside[0]!, 9)
    set.project(x, 1, 5)
    assert.deepStrictEqual([x[0], x[5]], [9, 9])
    assert.deepStrictEqual(x.slice(1, 5), project(outside[0]!))
  })
})

describe("reach and diameter are attained", () => {
  it("by the simplex", () => {
    const center = Float64Array.of(0.25, 0.25, 0.25, 0.25)
    assert.approximately(FeasibleSet.simplex().reach(center, 0, 4), Math.sqrt(0.75), 1e-15)
    assert.strictEqual(FeasibleSet.simplex().diameter(4), Math.SQRT2)
    assert.strictEqual(FeasibleSet.simplex().diameter(1), 0)
  })

  it("by the box", () => {
    assert.strictEqual(FeasibleSet.box(0.5).diameter(4), 2)
    assert.strictEqual(FeasibleSet.box(0.5).reach(new Float64Array(4), 0, 4), 1)
  })
})

describe("simplex", () => {
  it.each([
    [
      [0.2, 0.3, 0.5],
      [0.2, 0.3, 0.5],
    ],
    [
      [2, 0, 0],
      [1, 0, 0],
    ],
    [
      [5, 5, -1],
      [0.5, 0.5, 0],
    ],
    [[-7], [1]],
    [
      [1e17, 0],
      [1, 0],
    ],
    [
      [1e16, 1e16 + 2, 5],
      [0, 1, 0],
    ],
    [
      [3e15, 3e15 + 0.5],
      [0.25, 0.75],
    ],
  ])("projects %s to %s", (from, to) => {
    const x = Float64Array.from(from)
    FeasibleSet.simplex().project(x, 0, x.length)
    assert.deepStrictEqual([...x], to)
  })
})

describe("the whole space", () => {
  it("has no bound, and projects nothing", () => {
    const x = Float64Array.of(1e300, -2)
    FeasibleSet.wholeSpace.project(x, 0, 2)
    assert.deepStrictEqual(x, Float64Array.of(1e300, -2))
    assert.strictEqual(FeasibleSet.wholeSpace.support(x, 0, 2), Number.POSITIVE_INFINITY)
    assert.strictEqual(FeasibleSet.wholeSpace.support(new Float64Array(2), 0, 2), 0)
    assert.strictEqual(FeasibleSet.wholeSpace.diameter(2), Number.POSITIVE_INFINITY)
    assert.strictEqual(FeasibleSet.wholeSpace.reach(x, 0, 2), Number.POSITIVE_INFINITY)
  })
})
