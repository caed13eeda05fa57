import { Seed, Vector } from "@nonconvex/numerics"
import { quadratic } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { quadraticModel } from "../../src/evidence/support/QuadraticModel.ts"
import { orthonormalise } from "../../src/minima/Orthonormalise.ts"
import * as TangentProjection from "../../src/minima/TangentProjection.ts"

describe("TangentProjection", () => {
  it("is orthogonal to rows that are nearly dependent, to rounding", () => {
    const [first, second] = [Float64Array.of(1, 2, 3), Float64Array.of(1, 2 + 1e-6, 3)]
    const model = {
      ...quadraticModel({ dimension: 3, size: 2, seed: Seed.root(3) }),
      predictionGradient: (i: number, _: Float64Array, gradient: Float64Array) => {
        gradient.set(i === 0 ? first : second)
        return 0
      },
    }
    const { apply, gap } = TangentProjection.fromJacobian(model, new Float64Array(3))
    assert.isBelow(gap, 1e-6)
    const v = Float64Array.of(0.3, -1, 2)
    apply(v)
    // the plane of the rows holds the second unit vector
    assert.closeTo(v[1]!, 0, 1e-8)
    assert.closeTo(Vector.dot(v, first), 0, 1e-14)
  })

  it("keeps its basis orthonormal where rows are nearly dependent", () => {
    const rows = Float64Array.of(1, 2, 3, 1, 2 + 1e-6, 3)
    const basis = { rank: 0, kept: 0, dropped: 0 }
    orthonormalise(rows, 3, 1e-8, basis)
    assert.strictEqual(basis.rank, 2)
    assert.closeTo(Vector.dot(rows.subarray(0, 3), rows.subarray(3)), 0, 1e-15)
  })

  it("refuses a singular Jacobian", () => {
    const model = quadraticModel({ dimension: 3, size: 1, seed: Seed.root(3) })
    const twice = {
      ...model,
      size: 2,
      predictionGradient: (_: number, x: Float64Array, gradient: Float64Array) =>
        model.predictionGradient(0, x, gradient),
    }
    assert.throws(
      () => TangentProjection.fromJacobian(twice, model.minimum),
      TangentProjection.SingularJacobian,
      /2 rows have rank 1/,
    )
  })

  it("finds no gap where there is none", () => {
    const spectrum = Float64Array.of(1, 1e-2, 1e-4, 1e-6, 1e-8)
    const test = TangentProjection.fromHessian(quadratic({ spectrum }), new Float64Array(5))
    assert.strictEqual(test._tag, "NoGap")
  })
})
