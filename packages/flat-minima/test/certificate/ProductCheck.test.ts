/** Products of other programs: correct ones, and each way to be wrong. */
import { assert, describe, it } from "@effect/vitest"
import { Seed } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import { WrongProducts, checkProducts } from "../../src/certificate/ProductCheck.ts"

const n = 50
const point = Float64Array.from({ length: n }, (_, i) => 1 / (1 + i))
const seed = Seed.root(1)

type WithProducts = Objective & Required<Pick<Objective, "hessianVector">>

/** The sum of fourth powers with products altered by `product`; rounded for float32. */
const objective = (
  product: (right: number, v: Float64Array, i: number) => number,
  precision?: "float32",
): WithProducts => {
  const rounded = precision === undefined ? (x: number) => x : Math.fround
  return {
    name: "fourth powers",
    dimension: n,
    constants: {},
    ...(precision !== undefined && { precision }),
    valueAndGradient: (x, gradient) => {
      x.forEach((value, i) => (gradient[i] = rounded(4 * value ** 3)))
      return x.reduce((sum, value) => sum + value ** 4, 0)
    },
    hessianVector: (x, v, out) => {
      x.forEach((value, i) => (out[i] = rounded(product(12 * value * value * v[i]!, v, i))))
    },
  }
}

const wrongOf = (of: WithProducts): WrongProducts => {
  try {
    checkProducts(of, point, { seed })
  } catch (error) {
    assert.instanceOf(error, WrongProducts)
    return error
  }
  return assert.fail("the products passed")
}

describe("checkProducts", () => {
  it("passes the products of the Hessian, exact and rounded", () => {
    const exact = checkProducts(
      objective((right) => right),
      point,
      { seed },
    )
    assert.isTrue(exact.isKnown)
    assert.isBelow(exact.asymmetry, 1e-14)
    assert.isBelow(exact.misfit, 1e-6)
    const rounded = checkProducts(
      objective((right) => right, "float32"),
      point,
      { seed },
    )
    assert.isTrue(rounded.isKnown)
    assert.isBelow(rounded.asymmetry, 1e-5)
  })

  it.each([2, 0.5, -1, 1.01])("refuses products that are %d times too large", (factor) => {
    const { off, wrong } = wrongOf(objective((right) => factor * right))
    assert.strictEqual(wrong, "misfit")
    const expected = factor === -1 ? 1 : Math.abs(factor - 1) / (factor + 1)
    assert.closeTo(off, expected, 1e-3 * expected + 1e-6)
  })

  it.each([2, -1])(
    "refuses a loss whose gradient is that of another, by a factor of %d",
    (factor) => {
      for (const precision of [undefined, "float32"] as const) {
        const right = objective((product) => product, precision)
        const other = (x: Float64Array, gradient: Float64Array) =>
          factor * right.valueAndGradient(x, gradient)
        const error = wrongOf({ ...right, valueAndGradient: other })
        assert.strictEqual(error.wrong, "slope")
        assert.closeTo(error.off, factor === 2 ? 1 / 3 : 1, 1e-3)
        assert.match(error.message, /its gradient contradicts its loss: .* is allowed; it must be/)
      }
    },
  )

  it("does not judge a slope that rounding hides", () => {
    const right = objective((product) => product)
    const far = (x: Float64Array, gradient: Float64Array) =>
      1e12 - right.valueAndGradient(x, gradient)
    assert.isTrue(checkProducts({ ...right, valueAndGradient: far }, point, { seed }).isKnown)
  })

  it("refuses products of a matrix that is not symmetric, exact and rounded", () => {
    const skew = (right: number, v: Float64Array, i: number) => right + 0.3 * (v[i - 1] ?? 0)
    for (const precision of [undefined, "float32"] as const) {
      const error = wrongOf(objective(skew, precision))
      assert.strictEqual(error.wrong, "asymmetry")
      assert.isAbove(error.off, error.allowed)
      assert.match(
        error.message,
        /^fourth powers: its products are not those of a symmetric matrix/,
      )
    }
  })

  it("says that differences beside a kink cannot tell", () => {
    const kinked: WithProducts = {
      ...objective((right) => right),
      // the gradient jumps at the point, in every direction
      valueAndGradient: (x, gradient) => {
        x.forEach((value, i) => (gradient[i] = Math.sign(value - point[i]!)))
        return x.reduce((sum, value, i) => sum + Math.abs(value - point[i]!), 0)
      },
    }
    assert.isFalse(checkProducts(kinked, point, { seed }).isKnown)
  })
})
