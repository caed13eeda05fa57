import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect } from "effect"
import { Catapults } from "../../src/evidence/index.ts"
import { descentOf, meanSquared, ntkArchitecture, ntkNetwork, raising } from "../../src/index.ts"
import { net, normals } from "../support/Nets.ts"

const { network, start } = net({ widths: [6, 64], samples: 20 })
const loss = meanSquared(normals(20, "targets"))
const options = { tolerance: 1e-2 }

const descend = (base: number, of = descentOf(network, loss, start)) =>
  Effect.gen(function* () {
    const service = yield* Catapults
    return yield* service.descend(of, { ...options, control: raising({ raises: 0, base }) })
  }).pipe(Effect.provide(Catapults.layer))

describe("Catapults", () => {
  it.effect("descends", () =>
    Effect.gen(function* () {
      const run = yield* descend(0.9)
      assert.strictEqual(run.outcome(), "fitted")
    }),
  )

  it.effect("fails with the step and the ratio to the critical rate where it diverges", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(descend(6))
      assert.strictEqual(error._tag, "RunDiverged")
      if (error._tag === "RunDiverged") assert.closeTo(error.ratio, 6, 1e-9)
    }),
  )

  it.effect("fails with what is wrong with the input", () =>
    Effect.gen(function* () {
      const service = yield* Catapults
      const control = raising({ raises: 0 })
      const of = descentOf(network, loss, start)
      const error = yield* Effect.flip(service.descend(of, { control, tolerance: 0 }))
      assert.strictEqual(error._tag, "InvalidInput")
    }).pipe(Effect.provide(Catapults.layer)),
  )

  it.effect("fails where nothing moves", () =>
    Effect.gen(function* () {
      const architecture = ntkArchitecture({ widths: [6, 2] })
      const still = ntkNetwork({ architecture, features: new Float64Array(120) })
      const error = yield* Effect.flip(
        descend(0.9, descentOf(still, loss, new Float64Array(architecture.dimension))),
      )
      assert.strictEqual(error._tag, "ZeroKernel")
    }),
  )

  it.effect("does not take a defect for bad input", () =>
    Effect.gen(function* () {
      const broken = {
        ...descentOf(network, loss, start),
        evaluate: () => {
          throw new TypeError("broken")
        },
      }
      const cause = yield* Effect.flip(Effect.sandbox(descend(0.9, broken)))
      assert.isTrue(Cause.hasDies(cause))
    }),
  )
})
