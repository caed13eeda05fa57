import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { projectedFeatures } from "../../src/limit/Diagnostics.ts"
import { diagnose, flatLimit, twoLayer } from "../../src/index.ts"
import { fitted } from "../support/problems.ts"

const { network, theta } = fitted()

describe("projectedFeatures", () => {
  it("has rank one at the limit, where the weights need not", () => {
    const features = Float64Array.of(0.6, 0.8, 0, 0, 0.6, 0.8)
    const wide = twoLayer({ ...network, features, dimension: 3, labels: Float64Array.of(1, 2) })
    const limit = flatLimit(wide, theta).theta
    const { projectedSingularValues, singularValues } = diagnose(wide, limit)
    assert.isAbove(singularValues[1]!, 0.1)
    assert.isAtMost(projectedSingularValues[1]!, 1e-12)
    const projected = projectedFeatures(wide, limit)
    assert.isAtMost(Vector.distance(projectedFeatures(wide, projected), projected), 1e-13)
  })
})
