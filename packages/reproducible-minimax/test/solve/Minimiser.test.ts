/** Minimisers of quadratics on balls whose answer is known. */
import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { assert, describe, it } from "vitest"
import { type Minimiser, minimiser } from "../../src/solve/Minimiser.ts"

/** `A^T A` for a whole A, and a whole x: H x is exact. */
const whole = (n: number, seed: number, units: (i: number) => number = () => 1) => {
  const stream = RandomStream.make(Seed.root(seed).child("quadratic"))
  const a = Float64Array.from({ length: 2 * n * n }, () => stream.integer(9) - 4)
  const x = Float64Array.from({ length: n }, () => stream.integer(9) - 4)
  const hessian = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n]
    let sum = 0
    for (let row = 0; row < 2 * n; row++) sum += a[row * n + i]! * a[row * n + j]!
    return sum * units(i) * units(j)
  })
  const answer = x.map((value, i) => value / units(i))
  const linear = Float64Array.from({ length: n }, (_, i) =>
    answer.reduce((sum, value, j) => sum + hessian[i * n + j]! * value, 0),
  )
  return { hessian, linear, answer }
}

const pointOf = ({ point, units }: Minimiser) => point.map((z, i) => units[i]! * z)

/** In the units of the answer. */
const apart = ({ point, units }: Minimiser, answer: Float64Array) =>
  Vector.distance(
    point,
    answer.map((x, i) => x / units[i]!),
  )

describe("minimiser", () => {
  it.each([1, 2, 5, 20, 60])("finds a whole one of %i coordinates, to the last digits", (n) => {
    const { answer, hessian, linear } = whole(n, n)
    const found = minimiser(hessian, linear, 1e6, Kernels.strict())
    assert.strictEqual(found.target, "minimiser")
    assert.isAtMost(apart(found, answer), found.distance)
    assert.isBelow(found.distance, 1e-15)
  })

  it("does not mind in what units coordinates are", () => {
    const units = (i: number) => 2 ** (7 * (i - 3))
    const { answer, hessian, linear } = whole(7, 3, units)
    const found = minimiser(hessian, linear, 1e30, Kernels.strict())
    assert.strictEqual(found.target, "minimiser")
    assert.isAtMost(apart(found, answer), found.distance)
    assert.isBelow(found.distance, 1e-15)
  })

  it("stops at the sphere", () => {
    // H = 2 I: b scaled to the radius
    const hessian = Float64Array.of(2, 0, 0, 2)
    const found = minimiser(hessian, Float64Array.of(60, 80), 5, Kernels.strict())
    const point = pointOf(found)
    assert.approximately(point[0]!, 3, 1e-14)
    assert.approximately(point[1]!, 4, 1e-14)
    assert.isBelow(found.distance, 1e-13)
  })

  it("is near the shortest of many, and says that there are many", () => {
    const hessian = Float64Array.of(1, 1, 1, 1)
    const found = minimiser(hessian, Float64Array.of(2, 2), 10, Kernels.strict())
    assert.strictEqual(found.target, "nearby")
    assert.isAbove(found.strength, 0)
    for (const x of pointOf(found)) assert.approximately(x, 1, 1e-5)
  })

  it.each([
    // R b / |b|
    ["H = 0", [0, 0, 0, 0], [3, 4], 2, [1.2, 1.6]],
    ["H = 0, far apart in size", [0, 0, 0, 0], [3e-150, 4e-150], 2e100, [1.2e100, 1.6e100]],
    // (x1 - 2) + nu x1 = 0 and nu x2 = 4, so nu = 2: 2 / 3 and 2
    ["a singular H", [1, 0, 0, 0], [2, 4], Math.sqrt(4 / 9 + 4), [2 / 3, 2]],
    // 1 + nu / 2 = 4 at both coordinates, so nu = 6
    ["equal columns", [1, 1, 1, 1], [4, 4], Math.SQRT2 / 2, [0.5, 0.5]],
  ] as const)("is the only one on the sphere, with %s", (_, h, b, radius, answer) => {
    const [hessian, linear] = [Float64Array.from(h), Float64Array.from(b)]
    const found = minimiser(hessian, linear, radius, Kernels.strict())
    assert.strictEqual(found.target, "minimiser")
    assert.strictEqual(found.strength, 0)
    assert.isBelow(found.distance, 2e-16 * radius)
    assert.isAtMost(Vector.distance(pointOf(found), Float64Array.from(answer)), 1e-15 * radius)
  })

  it("stops at the sphere where the multiplier is far below the eigenvalues", () => {
    // x1 = 2 / (1 + nu) and x2 = 1 / (1 + nu 1e13), so that x2^3 is about 8e-13
    const hessian = Float64Array.of(1, 0, 0, 1e-13)
    const found = minimiser(hessian, Float64Array.of(2, 1e-13), 2, Kernels.strict())
    assert.strictEqual(found.target, "minimiser")
    assert.isBelow(found.distance, 1e-15)
    assert.approximately(pointOf(found)[1]!, Math.cbrt(8e-13), 1e-8)
    assert.approximately(Vector.norm(pointOf(found)), 2, 1e-15)
  })

  it("is the origin of a constant, where every point is a minimiser", () => {
    const found = minimiser(new Float64Array(9), new Float64Array(3), 7, Kernels.strict())
    assert.strictEqual(found.target, "constant")
    assert.deepStrictEqual(pointOf(found), new Float64Array(3))
  })

  it.each([
    ["no slope at all", [1, 0, 0, 0], [0, 0]],
    ["a slope within rounding", [1, 0, 0, 0], [1, 1e-18]],
  ] as const)("calls no minimiser the only one, with a singular H and %s", (_, h, b) => {
    const found = minimiser(Float64Array.from(h), Float64Array.from(b), 3, Kernels.strict())
    assert.strictEqual(found.target, "nearby")
  })

  it("bounds the distance of what other kernels find", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const stream = RandomStream.make(Seed.root(seed).child("linear"))
      const { hessian } = whole(8, seed)
      const linear = Float64Array.from({ length: 8 }, () => stream.normal())
      const [one, other] = [Kernels.strict(), RelaxedKernels.relaxed()].map((kernels) =>
        minimiser(hessian, linear, seed % 2 === 0 ? 1e3 : 1e-3, kernels),
      )
      assert.isAtMost(
        Vector.distance(pointOf(one!), pointOf(other!)),
        (one!.distance + other!.distance) * Math.max(...one!.units),
      )
    }
  })
})
