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
