import { assert, describe, it } from "vitest"
import * as Lbfgs from "../../src/internal/Lbfgs.ts"

const rosenbrock = (x: Float64Array, gradient: Float64Array): number => {
  const [a, b] = [1 - x[0]!, x[1]! - x[0]! ** 2]
  gradient[0] = -2 * a - 400 * b * x[0]!
  gradient[1] = 200 * b
  return a * a + 100 * b * b
}

describe("L-BFGS", () => {
  it("finds the minimum at the end of the bent valley", () => {
    const found = Lbfgs.minimise(rosenbrock, Float64Array.of(-1.2, 1), {
      gradientTolerance: 1e-10,
      maxIterations: 200,
    })
    assert.strictEqual(found.status, "converged")
    assert.closeTo(found.point[0]!, 1, 1e-9)
    assert.isBelow(found.iterations, 100)
  })

  it("says that the budget is used up, and that no step goes down", () => {
    const options = { gradientTolerance: 0, maxIterations: 3 }
    assert.strictEqual(
      Lbfgs.minimise(rosenbrock, Float64Array.of(-1.2, 1), options).status,
      "budget",
    )
    const kink = (x: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 1
      return Math.abs(x[0]!)
    }
    const stuck = Lbfgs.minimise(kink, Float64Array.of(0), {
      gradientTolerance: 0,
      maxIterations: 50,
    })
    assert.strictEqual(stuck.status, "stalled")
  })

  it("walks around points where the function is not finite", () => {
    const barrier = (x: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 1 - 1 / x[0]!
      return x[0]! > 0 ? x[0]! - Math.log(x[0]!) : Number.POSITIVE_INFINITY
    }
    const found = Lbfgs.minimise(barrier, Float64Array.of(5), {
      gradientTolerance: 1e-8,
      maxIterations: 100,
    })
    assert.closeTo(found.point[0]!, 1, 1e-7)
  })
})
