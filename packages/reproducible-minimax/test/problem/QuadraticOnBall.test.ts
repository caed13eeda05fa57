import { Seed, Vector } from "@nonconvex/numerics"
import * as Products from "@nonconvex/problems/Products"
import { assert, describe, it } from "vitest"
import { quadraticOnBall, solve } from "../../src/index.ts"
import { Irreproducible } from "../../src/solve/Failures.ts"
import { leastSquaresOnBall } from "../../src/problem/QuadraticOnBall.ts"

const hessian = Float64Array.of(2, 1, 1, 2)
const linear = Float64Array.of(3, 0)
const options = { gap: 1e-4, deviation: 4e-9, failure: 1e-3, seed: Seed.root(1) }

describe("a quadratic on a ball", () => {
  it("has its minimum inside, or on the sphere", () => {
    // (2, -1) with value -3 solves it on the whole plane
    const wide = quadraticOnBall({ hessian, linear, radius: 3 })
    assert.approximately(wide.gap(Float64Array.of(2, -1)), 0, 1e-14)
    assert.strictEqual(wide.value(Float64Array.of(2, -1)), -3)
    const narrow = quadraticOnBall({ hessian, linear, radius: 1 })
    const { certified } = solve(narrow, new Float64Array(2), options)
    assert.isAtMost(Math.abs(Vector.norm(certified.point) - 1), 1e-12)
    assert.isAtMost(narrow.gap(certified.point), 1e-4)
    assert.isAtLeast(narrow.gap(certified.point), -1e-14)
  })

  it("bounds the rounding of float32", () => {
    const make = (products: Products.Products) =>
      quadraticOnBall({ hessian: hessian.map((x) => x / 3), linear, radius: 3, products })
    const [double, single] = [make(Products.float64), make(Products.float32)]
    const x = Float64Array.of(0.7, -1.3)
    const [one, two] = [new Float64Array(2), new Float64Array(2)]
    double.operator(x, one)
    single.operator(x, two)
    assert.isAbove(Vector.distance(one, two), 0)
    assert.isBelow(Vector.distance(one, two), single.error)
  })

  it("declares what it is off a convex quadratic, where rounding made an eigenvalue negative", () => {
    const make = (smallest: number) =>
      quadraticOnBall({
        hessian: Float64Array.of(1, 0, 0, smallest),
        linear: new Float64Array(2),
        radius: 2,
      })
    const concave = make(-2e-14)
    // up to three radii away, where acceleration looks, by 2e-14 |x|
    assert.isAtLeast(concave.error, 1.2e-13)
    assert.isBelow(make(0).error, 1e-14)
    // with r = 1e-14 the regularised problem is concave along the second coordinate, and 0 is no minimiser
    const hopeless = { ...options, gap: 4e-14, deviation: 1, failure: 0.9 }
    assert.throws(() => solve(concave, new Float64Array(2), hopeless), Irreproducible)
  })

  it("minimises a linear objective, by the algorithm of the paper too", () => {
    const plane = quadraticOnBall({ hessian: new Float64Array(4), linear, radius: 2 })
    assert.approximately(plane.gap(Float64Array.of(2, 0)), 0, 1e-14)
    const { certified } = solve(plane, new Float64Array(2), options)
    assert.isAtMost(Vector.distance(certified.point, Float64Array.of(2, 0)), 1e-8)
  })

  it.each([
    [Float64Array.of(1, 2, 3, 4), /symmetric \(got row = 2, column = 1, lower = 3, upper = 2\)/],
    [Float64Array.of(1, 2, 2, 1), /positive semidefinite \(got smallest eigenvalue = -1/],
    [Float64Array.of(1), /length of hessian must be 4/],
  ] as const)("refuses %j", (matrix, message) => {
    assert.throws(() => quadraticOnBall({ hessian: matrix, linear, radius: 1 }), message)
  })
})

describe("least squares on a ball", () => {
  it("fits a line", () => {
    const problem = leastSquaresOnBall({
      features: Float64Array.of(1, 0, 1, 1, 1, 2),
      dimension: 2,
      targets: Float64Array.of(0, 1, 3),
      radius: 10,
    })
    const best = Float64Array.of(-1 / 6, 1.5)
    assert.approximately(problem.gap(best), 0, 1e-14)
    assert.approximately(problem.value(best), (1 / 36 + 1 / 9 + 1 / 36) / 6, 1e-14)
  })
})
