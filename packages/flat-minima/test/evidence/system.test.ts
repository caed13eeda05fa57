/** The service: what the functions throw arrives as typed failures, with the numbers that show it. */
import { assert, describe, it } from "@effect/vitest"
import { InvalidInput, Seed } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import { Effect } from "effect"
import { FlatMinima } from "../../src/evidence/system.ts"
import { HessianMismatch } from "../../src/certificate/HessianCheck.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import { NoMinimumNearby } from "../../src/minima/Settle.ts"

const seed = Seed.root(1)
const options = { lossTolerance: 0.01, seed }
const hyperbola = scalarModel()

/** f = x, which has no minimum. */
const slope: Objective = {
  name: "slope",
  dimension: 1,
  constants: {},
  valueAndGradient: (x, gradient) => {
    gradient[0] = 1
    return x[0]!
  },
}

describe("FlatMinima", () => {
  it.effect("certifies and follows the gradient flow", () =>
    Effect.gen(function* () {
      const { certify, limit } = yield* FlatMinima
      const { verdict } = yield* certify(hyperbola, Float64Array.of(1, 1), options)
      assert.strictEqual(verdict, "flat")
      const { point } = yield* limit(hyperbola, Float64Array.of(2, 1))
      assert.closeTo(point[0]! * point[1]!, 1, 1e-10)
    }).pipe(Effect.provide(FlatMinima.layer)),
  )

  it.effect("fails where no minimum is near, with the gradient norm reached", () =>
    Effect.gen(function* () {
      const { limit } = yield* FlatMinima
      const error = yield* Effect.flip(limit(slope, Float64Array.of(0), { maxEvaluations: 100 }))
      assert.instanceOf(error, NoMinimumNearby)
      assert.strictEqual(error.gradientNorm, 1)
    }).pipe(Effect.provide(FlatMinima.layer)),
  )

  it.effect("fails where a product contradicts the gradient, and on a bad point", () =>
    Effect.gen(function* () {
      const { certify } = yield* FlatMinima
      const wrong: Objective = {
        ...hyperbola,
        hessianVector: (x, v, out) => {
          hyperbola.hessianVector!(x, v, out)
          out[0]! *= 1.01
        },
      }
      const mismatch = yield* Effect.flip(certify(wrong, Float64Array.of(1, 1), options))
      assert.instanceOf(mismatch, HessianMismatch)
      assert.isAbove(mismatch.relativeError, 1e-3)
      const bad = yield* Effect.flip(certify(hyperbola, Float64Array.of(1, Infinity), options))
      assert.instanceOf(bad, InvalidInput)
    }).pipe(Effect.provide(FlatMinima.layer)),
  )

  it.effect("does not hide a defect", () =>
    Effect.gen(function* () {
      const { certify } = yield* FlatMinima
      const broken: Objective = {
        ...slope,
        valueAndGradient: () => {
          throw new TypeError("broken")
        },
      }
      const exit = yield* Effect.exit(certify(broken, Float64Array.of(0), options))
      assert.strictEqual(exit._tag, "Failure")
      assert.match(String(exit._tag === "Failure" && exit.cause), /broken/)
    }).pipe(Effect.provide(FlatMinima.layer)),
  )
})
