import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Activation from "../../src/network/Activation.ts"
import { LabelNoise } from "../../src/evidence/index.ts"
import { type TwoLayer, twoLayer } from "../../src/index.ts"

const networkOf = (labels: Float64Array, features: Float64Array): TwoLayer =>
  twoLayer({ activation: Activation.cubic(1), features, dimension: 2, labels, neurons: 2 })

const start = Float64Array.of(0.5, 0.1, -0.2, 0.3)

describe("LabelNoise", () => {
  it.effect("answers with values", () =>
    Effect.gen(function* () {
      const service = yield* LabelNoise
      const network = networkOf(Float64Array.of(2, -1), Float64Array.of(1, 0, 0, 1))
      const { theta } = yield* service.flatLimit(network, start)
      const { excess } = yield* service.diagnose(network, theta)
      assert.closeTo(excess, 0, 1e-12)
    }).pipe(Effect.provide(LabelNoise.layer)),
  )

  it.effect("fails with typed errors", () =>
    Effect.gen(function* () {
      const service = yield* LabelNoise
      const network = networkOf(Float64Array.of(2, 2), Float64Array.of(1, 0, 1, 0))
      const failure = yield* Effect.flip(service.flatLimit(network, start))
      assert.strictEqual(failure._tag, "SingularGram")
      const setting = { convention: "half", learningRate: 0.1, noise: 0.1, batch: 1 } as const
      const other = networkOf(Float64Array.of(2, -1), Float64Array.of(1, 0, 0, 1))
      const missed = yield* Effect.flip(
        service.stepBudget(other, start, { ...setting, share: 0.1 }),
      )
      assert.strictEqual(missed._tag, "NotInterpolating")
    }).pipe(Effect.provide(LabelNoise.layer)),
  )
})
