import { assert, describe, it, layer } from "@effect/vitest"
import { InvalidInput } from "@nonconvex/numerics"
import { quadratic } from "@nonconvex/problems"
import { Effect } from "effect"
import { claims, errata, experiments, OptimSam, system } from "../../src/evidence/index.ts"
import { advise, diagnoseNormalisation } from "../../src/index.ts"

const objective = quadratic({ spectrum: [10, 1] })
const point = Float64Array.of(1, 1)
const settings = { learningRate: 0.1, radius: 0.05, tolerance: 1e-3 }
const run = { learningRate: 0.1, radius: 0.05, steps: 100 }

layer(OptimSam.layer)("OptimSam", (test) => {
  test.effect("is the system that it exports", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      assert.strictEqual(service.id, "optim-sam")
      assert.strictEqual(service.module, system.module)
      assert.deepStrictEqual(
        [service.claims, service.errata, service.experiments],
        [claims, errata, experiments],
      )
    }),
  )

  test.effect("gives the advice and the diagnosis of the functions", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      assert.deepStrictEqual(
        yield* service.advise(objective, point, settings),
        advise(objective, point, settings),
      )
      assert.deepStrictEqual(
        yield* service.diagnoseNormalisation(objective, point, run),
        diagnoseNormalisation(objective, point, run),
      )
    }),
  )

  test.effect("fails with InvalidInput on a point of the wrong length", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      const short = Float64Array.of(1)
      const advice = yield* Effect.flip(service.advise(objective, short, settings))
      const diagnosis = yield* Effect.flip(service.diagnoseNormalisation(objective, short, run))
      for (const error of [advice, diagnosis]) assert.instanceOf(error, InvalidInput)
      assert.deepStrictEqual(advice.numbers, { "point.length": 1 })
    }),
  )

  test.effect("fails with InvalidInput on a negative radius", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      const error = yield* Effect.flip(
        service.advise(objective, point, { ...settings, radius: -1 }),
      )
      assert.strictEqual(
        error.message,
        "adviseFromCurvature: radius must be a finite number of at least 0 (got radius = -1)",
      )
    }),
  )

  test.effect("dies of an error that is no bad input", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      const broken = {
        ...objective,
        hessianVector: () => {
          throw new RangeError("broken")
        },
      }
      const exit = yield* Effect.exit(service.advise(broken, point, settings))
      assert.isTrue(exit._tag === "Failure" && exit.cause.reasons.some((r) => r._tag === "Die"))
    }),
  )
})

describe("the system", () => {
  it("names every claim that replaces an erratum", () => {
    const ids = new Set(system.claims.map(({ id }) => id))
    for (const { corrected } of system.errata) assert.isTrue(ids.has(corrected))
  })
})
