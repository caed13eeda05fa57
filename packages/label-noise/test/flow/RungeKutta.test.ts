import { InvalidInput } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Tableau from "../../src/flow/DormandPrince853.ts"
import * as RungeKutta from "../../src/flow/RungeKutta.ts"

/** The circle, traversed once. */
const circle: RungeKutta.Slope = (y, out) => {
  out[0] = -y[1]!
  out[1] = y[0]!
}
const around = (relative: number) =>
  RungeKutta.integrate(circle, Float64Array.of(1, 0), {
    end: 2 * Math.PI,
    relative,
    absolute: relative,
  })

describe("integrate", () => {
  it("closes the circle to the tolerance", () => {
    for (const relative of [1e-6, 1e-9, 1e-12]) {
      const { status, time, y } = around(relative)
      assert.strictEqual(status, "end")
      assert.strictEqual(time, 2 * Math.PI)
      assert.closeTo(y[0]!, 1, 20 * relative)
      assert.closeTo(y[1]!, 0, 20 * relative)
    }
  })

  it("is of order 8: a tolerance 10^8 times smaller takes about ten times the steps", () => {
    const far = (relative: number) =>
      RungeKutta.integrate(circle, Float64Array.of(1, 0), {
        end: 200,
        relative,
        absolute: relative,
      }).steps
    const ratio = far(1e-12) / far(1e-4)
    assert.isAbove(ratio, 6)
    assert.isBelow(ratio, 14)
  })

  it("stops where it is told", () => {
    const { status, y } = RungeKutta.integrate(circle, Float64Array.of(1, 0), {
      end: 100,
      relative: 1e-9,
      absolute: 1e-9,
      observe: (_, point) => point[1]! < 0,
    })
    assert.strictEqual(status, "stopped")
    assert.isBelow(y[1]!, 0)
  })

  it("gives up on a solution that ends", () => {
    const blowUp: RungeKutta.Slope = (y, out) => {
      out[0] = y[0]! ** 2
    }
    const options = { end: 2, relative: 1e-9, absolute: 1e-9 }
    assert.throws(() => RungeKutta.integrate(blowUp, Float64Array.of(1), options), InvalidInput)
  })

  it("counts its evaluations and obeys the limit of steps", () => {
    const options = { end: 100, relative: 1e-9, absolute: 1e-9, maxSteps: 3 }
    const { evaluations, status, steps } = RungeKutta.integrate(
      circle,
      Float64Array.of(1, 0),
      options,
    )
    assert.deepStrictEqual([status, steps], ["steps", 3])
    assert.isAtLeast(evaluations, 1 + 3 * 12)
  })
})

describe("the tableau", () => {
  const nodes = Tableau.stages.map((row) => row.reduce((sum, a) => sum + a, 0))

  it("integrates polynomials up to degree 7", () => {
    for (let degree = 0; degree < 8; degree++) {
      const sum = Tableau.weights.reduce((total, b, i) => total + b * nodes[i]! ** degree, 0)
      assert.closeTo(sum, 1 / (degree + 1), 1e-14)
    }
  })

  it("has error weights that add up to nothing", () => {
    for (const row of [Tableau.error3, Tableau.error5]) {
      assert.closeTo(
        row.reduce((total, e) => total + e, 0),
        0,
        1e-14,
      )
    }
  })
})
