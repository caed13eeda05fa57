import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import {
  bilinearGame,
  type Game,
  matrixGame,
  quadraticGame,
  robustLeastSquares,
} from "../src/index.ts"
import * as Products from "../src/Products.ts"
import * as FeasibleSet from "../src/FeasibleSet.ts"
import { points } from "./support/Problems.ts"

const operatorAt = (game: Game, z: Float64Array): Float64Array => {
  const out = new Float64Array(z.length)
  game.operator(z, out)
  return out
}

const [p, q] = [Float64Array.of(2, 0.5, 0.5, 1), Float64Array.of(0.3, 0, 0, 0)]
const coupling = Float64Array.of(1, -2, 0.5, 3)
const [linearMin, linearMax] = [Float64Array.of(0.1, -0.4), Float64Array.of(0.2, 0.7)]

/** By the formula, in the order in which it is written. */
const value = (x: Float64Array, y: Float64Array): number => {
  const form = (a: Float64Array, u: Float64Array, v: Float64Array): number =>
    u[0]! * (a[0]! * v[0]! + a[1]! * v[1]!) + u[1]! * (a[2]! * v[0]! + a[3]! * v[1]!)
  return (
    form(p, x, x) / 2 +
    Vector.dot(linearMin, x) +
    form(coupling, x, y) -
    form(q, y, y) / 2 -
    Vector.dot(linearMax, y)
  )
}

const game = quadraticGame({
  coupling,
  columns: 2,
  min: { feasible: FeasibleSet.ball(1), quadratic: p, linear: linearMin },
  max: { feasible: FeasibleSet.ball(0.5), quadratic: q, linear: linearMax },
})

const feasible = points(4, 60, 1, "quadratic game").map((z) => {
  game.project(z)
  return z
})

describe("quadratic game", () => {
  it("has the gradients of its value as its operator", () => {
    for (const z of feasible.slice(0, 10)) {
      const slopes = z.map((center, i) => {
        const [up, down] = [z.with(i, center + 0.5), z.with(i, center - 0.5)]
        const slope =
          value(up.subarray(0, 2), up.subarray(2)) - value(down.subarray(0, 2), down.subarray(2))
        return i < 2 ? slope : -slope
      })
      assert.isAtMost(Vector.distance(operatorAt(game, z), slopes), 1e-14)
    }
  })

  it("has a gap that no pair of answers exceeds, and a search nearly attains", () => {
    for (const z of feasible.slice(0, 10)) {
      const gap = game.dualityGap!(z)
      let [least, most] = [Infinity, -Infinity]
      for (let k = 0; k < 2000; k++) {
        const angle = (k / 2000) * 2 * Math.PI
        for (const radius of [0.25, 0.5, 0.75, 1]) {
          const u = Float64Array.of(radius * Math.cos(angle), radius * Math.sin(angle))
          least = Math.min(least, value(u, z.subarray(2)))
          most = Math.max(
            most,
            value(
              z.subarray(0, 2),
              u.map((x) => x / 2),
            ),
          )
        }
      }
      assert.isAtMost(most - least, gap + 1e-12)
      assert.isAtLeast(most - least, gap - 0.1)
    }
  })

  it("has the spectral norm of its Jacobian as smoothness", () => {
    for (const z of feasible) {
      for (const w of feasible.slice(0, 5)) {
        const change = Vector.distance(operatorAt(game, z), operatorAt(game, w))
        assert.isAtMost(change, game.smoothness * Vector.distance(z, w) * (1 + 1e-12) + 1e-15)
      }
    }
  })

  it("has a gap of 0 at a saddle on the whole space, where its quadratics are singular", () => {
    const v = Float64Array.of(0.3, -0.7)
    const outer = Float64Array.of(0.09, -0.21, -0.21, 0.49)
    const player = {
      feasible: FeasibleSet.wholeSpace,
      quadratic: outer,
      linear: v.map((x) => 2 * x),
    }
    const singular = quadraticGame({
      coupling: new Float64Array(4),
      columns: 2,
      min: player,
      max: player,
    })
    // v v' z + 2 v is 0 where v . z = -2
    const z = v.map((x) => (-2 * x) / Vector.dot(v, v))
    assert.isAtMost(Math.abs(singular.dualityGap!(Float64Array.of(...z, ...z))), 1e-14)
    // a part in the null space is one, and then there is no least value
    const across = Float64Array.of(0.7, 0.3)
    const unbounded = { ...player, linear: v.map((x, i) => 2 * x + 1e-3 * across[i]!) }
    const other = quadraticGame({
      coupling: new Float64Array(4),
      columns: 2,
      min: unbounded,
      max: player,
    })
    assert.strictEqual(other.dualityGap!(Float64Array.of(...z, ...z)), Infinity)
  })

  it("rounds nothing off where there is nothing to multiply", () => {
    const free = { feasible: FeasibleSet.wholeSpace }
    const none = quadraticGame({ coupling: Float64Array.of(0), columns: 1, min: free, max: free })
    assert.strictEqual(none.roundoff, 0)
    const bilinear = bilinearGame({
      matrix: Float64Array.of(0),
      columns: 1,
      feasible: FeasibleSet.wholeSpace,
    })
    assert.strictEqual(bilinear.roundoff, 0)
  })

  it("has no closed form of the gap for a quadratic on a simplex", () => {
    const other = quadraticGame({
      coupling,
      columns: 2,
      min: { feasible: FeasibleSet.simplex(), quadratic: p },
      max: { feasible: FeasibleSet.simplex() },
    })
    assert.isUndefined(other.dualityGap)
  })
})

describe("robust least squares", () => {
  const features = Float64Array.of(1, 0, 1, 1, 1, 2)
  const targets = Float64Array.of(0, 1, 3)
  const robust = (penalty: number) =>
    robustLeastSquares({
      features,
      dimension: 2,
      targets,
      penalty,
      feasible: [FeasibleSet.ball(5), FeasibleSet.ball(50)],
    })

  it("is ordinary least squares in x at its saddle", () => {
    // the inner maximum is (penalty / (penalty - 1)) |A x - b|^2 / 2, so x is the line of best fit
    const penalty = 3
    const x = Float64Array.of(-1 / 6, 1.5)
    const y = targets.map((b, i) => {
      const fit = features[2 * i]! * x[0]! + features[2 * i + 1]! * x[1]!
      return (penalty * b - fit) / (penalty - 1)
    })
    const z = Float64Array.of(...x, ...y)
    assert.isAtMost(Vector.norm(operatorAt(robust(penalty), z)), 1e-14)
    assert.isAtMost(Math.abs(robust(penalty).dualityGap!(z)), 1e-12)
  })

  it.each([1, 0.5, Number.NaN, Infinity])("refuses the penalty %s", (penalty) => {
    assert.throws(() => robust(penalty), /penalty must be finite and more than 1/)
  })
})

describe("products", () => {
  const stream = RandomStream.make(Seed.root(5))
  const [rows, columns] = [37, 23]
  const matrix = new Float64Array(rows * columns)
  stream.fillNormal(matrix)
  const z = new Float64Array(rows + columns)
  stream.fillUniform(z)
  const make = (products: Products.Products, of = matrix) =>
    matrixGame({ matrix: of, columns, products })
  const exact = make(Products.float64)
  exact.project(z)

  it("has the same bits from the memory of the kernels and from plain loops", () => {
    const { arena } = Kernels.strict()
    const inside = arena.f64(matrix.length)
    inside.set(matrix)
    assert.deepStrictEqual(operatorAt(make(Products.float64, inside), z), operatorAt(exact, z))
    arena.release(inside)
  })

  it.each([Products.float32, Products.permuted(RandomStream.make(Seed.root(6)))])(
    "$name errs, and by less than its bound",
    (products) => {
      const other = make(products)
      const error = Vector.distance(operatorAt(other, z), operatorAt(exact, z))
      assert.isAbove(error, 0)
      assert.isBelow(error, other.roundoff)
    },
  )

  it("knows the value and the gap of matching pennies", () => {
    const pennies = matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 })
    assert.strictEqual(pennies.dualityGap(Float64Array.of(0.5, 0.5, 0.5, 0.5)), 0)
    assert.strictEqual(pennies.dualityGap(Float64Array.of(1, 0, 1, 0)), 2)
    assert.strictEqual(pennies.value(Float64Array.of(1, 0, 0.5, 0.5)), 0)
    assert.approximately(pennies.smoothness, 2, 1e-14)
  })

  it("lets each player have a set of its own", () => {
    const pair = bilinearGame({
      matrix: Float64Array.of(2),
      columns: 1,
      feasible: [FeasibleSet.ball(1), FeasibleSet.box(3)],
    })
    const at = Float64Array.of(5, 5)
    pair.project(at)
    assert.deepStrictEqual(at, Float64Array.of(1, 3))
    assert.strictEqual(pair.dualityGap(at), 12)
  })
})
