import { valleyAlong } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import * as LimitMap from "../../src/minima/LimitMap.ts"
import { NoMinimumNearby, settle } from "../../src/minima/Settle.ts"
import { sparseRecovery, traceAtMinimum } from "../../src/problems/DiagonalNetwork.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import * as Theory from "../../src/theory/Theory.ts"

describe("settle and LimitMap", () => {
  it("start the sparse recovery at its golden minimum", () => {
    const { network, start } = sparseRecovery()
    const { point } = settle(network, start, { learningRate: 0.01, tolerance: 1e-13 })
    assert.closeTo(traceAtMinimum(network, point), 55.15791291976415, 1e-10)
  })

  it.each([
    [2, 1],
    [3, 0.5],
    [1.2, 1.5],
  ])("end within the error that the limit says, and not far within it, from (%d, %d)", (x, y) => {
    for (const stepTolerance of [1e-5, 1e-7, 1e-9]) {
      const { error, evaluations, point } = LimitMap.limit(scalarModel(), Float64Array.of(x, y), {
        stepTolerance,
      })
      const [a, b] = Theory.factorisation.limit(x, y)
      const found = Math.hypot(point[0]! - a, point[1]! - b)
      assert.isAtMost(found, error)
      // the error of order 4 is estimated, and the solution has order 5
      assert.isAtLeast(found, 1e-4 * error)
      assert.isAtMost(evaluations, 1000)
      assert.isAtMost(error, 200 * stepTolerance)
    }
  })

  it("fail with the gradient norm reached where no minimum is near", () => {
    const slope = valleyAlong({
      value: (x) => Math.exp(x),
      derivative: (x) => Math.exp(x),
      secondDerivative: (x) => Math.exp(x),
    })
    const runaway = {
      ...slope,
      valueAndGradient: (x: Float64Array, gradient: Float64Array) => {
        gradient[0] = 1
        gradient[1] = 0
        return x[0]!
      },
    }
    const start = Float64Array.of(0, 1)
    for (const run of [
      () => settle(runaway, start, { learningRate: 0.1, maxSteps: 50 }),
      () => LimitMap.limit(runaway, start, { maxEvaluations: 600 }),
    ]) {
      try {
        run()
        assert.fail("it found a minimum")
      } catch (cause) {
        assert.instanceOf(cause, NoMinimumNearby)
        assert.strictEqual(cause.gradientNorm, 1)
        assert.match(cause.message, /no minimum near the start/)
      }
    }
  })
})
