import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { bilinearGame } from "../src/index.ts"
import * as FeasibleSet from "../src/FeasibleSet.ts"
import { points } from "./support/Problems.ts"
import { along, error } from "./support/Slopes.ts"

const sets = [
  { title: "ball", feasible: FeasibleSet.ball(1.5) },
  { title: "box", feasible: FeasibleSet.box(0.8) },
  { title: "a single point", feasible: FeasibleSet.ball(0) },
]

describe.each(sets)("feasible set: $title", ({ feasible }) => {
  const project = (x: Float64Array): Float64Array => {
    const copy = x.slice()
    feasible.project(copy, 0, copy.length)
    return copy
  }
  const outside = points(4, 20, 2, "outside")

  it("projection is the nearest point: the rest makes an obtuse angle with the set", () => {
    for (const x of outside) {
      const p = project(x)
      const rest = along(x, -1, p)
      // the support function is the largest inner product of `rest` with the set, and p attains it
      const most = feasible.support(rest, 0, 4)
      assert.approximately(Vector.dot(rest, p), most, 1e-13)
      for (const y of outside) assert.isAtMost(Vector.dot(rest, project(y)), most + 1e-13)
    }
  })

  it("projecting twice moves no further than rounding, and never expands", () => {
    for (const [k, x] of outside.entries()) {
      assert.isAtMost(error(project(project(x)), project(x)), 1e-15)
      const y = outside[(k + 1) % outside.length]!
      const distance = Vector.distance(project(x), project(y))
      assert.isAtMost(distance, Vector.distance(x, y) * (1 + 1e-15))
    }
  })

  it("leaves the elements around its stretch alone", () => {
    const x = Float64Array.of(10, 10, 10, 10)
    feasible.project(x, 1, 3)
    assert.strictEqual(x[0], 10)
    assert.strictEqual(x[3], 10)
    assert.isBelow(x[1]!, 10)
  })
})

describe("the ball", () => {
  it.each([1e-200, 1e200])("projects points of size %s without under- or overflow", (size) => {
    const x = Float64Array.of(3 * size, 4 * size)
    FeasibleSet.ball(size).project(x, 0, 2)
    assert.isAtMost(Math.abs(x[0]! / size - 0.6) + Math.abs(x[1]! / size - 0.8), 1e-15)
  })
})

const matrix = Float64Array.of(1, 2, 3, -1, 0.5, 2)
const saddle = Float64Array.of(0.1, -0.2, 0.3, 0, 0.2)

describe.each(sets.slice(0, 2))("bilinear game on a $title", ({ feasible }) => {
  const game = bilinearGame({ matrix, columns: 3, feasible, saddle })
  const value = (z: Float64Array): number => {
    let sum = 0
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 3; j++) {
        sum += (z[i]! - saddle[i]!) * matrix[3 * i + j]! * (z[2 + j]! - saddle[2 + j]!)
      }
    }
    return sum
  }
  const operator = (z: Float64Array): Float64Array => {
    const out = new Float64Array(5)
    game.operator(z, out)
    return out
  }
  const feasiblePoints = points(5, 20, 1, "game").map((z) => {
    game.project(z)
    return z
  })

  it("has the dimensions of its matrix", () => {
    assert.deepStrictEqual(game.dimensions, [2, 3])
  })

  it("the operator is the gradient for x and minus the gradient for y", () => {
    for (const z of feasiblePoints) {
      const expected = z.map((center, i) => {
        const slope = value(z.with(i, center + 0.5)) - value(z.with(i, center - 0.5))
        return i < 2 ? slope : -slope
      })
      assert.isAtMost(error(operator(z), expected), 1e-14)
    }
  })

  it("the operator is monotone, with equality", () => {
    for (const [k, z] of feasiblePoints.entries()) {
      const w = feasiblePoints[(k + 1) % feasiblePoints.length]!
      const product = Vector.dot(along(operator(z), -1, operator(w)), along(z, -1, w))
      assert.isAtMost(Math.abs(product), 1e-14)
    }
  })

  it("the gap is 0 at the saddle, positive elsewhere, and no response does better", () => {
    assert.isAtMost(Math.abs(game.dualityGap(saddle)), 1e-15)
    for (const z of feasiblePoints) {
      const gap = game.dualityGap(z)
      assert.isAbove(gap, 0)
      for (const other of feasiblePoints) {
        const best = Float64Array.of(...z.subarray(0, 2), ...other.subarray(2))
        const worst = Float64Array.of(...other.subarray(0, 2), ...z.subarray(2))
        assert.isAtMost(value(best) - value(worst), gap + 1e-13)
      }
    }
  })

  it("the projection acts on each player alone", () => {
    const z = Float64Array.of(100, 0, 0.01, 0.02, 0.03)
    game.project(z)
    assert.isBelow(z[0]!, 2)
    assert.deepStrictEqual([...z.subarray(2)], [0.01, 0.02, 0.03])
  })
})
