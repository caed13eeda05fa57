import { assert, describe, it } from "@effect/vitest"
import { quadratic } from "@nonconvex/problems"
import { Cause, Effect } from "effect"
import { Catapults, system } from "../src/Catapults.ts"

const objective = quadratic({ spectrum: Float64Array.of(4, 1) })

const minimise = (start: Float64Array, learningRate: number, steps = 3, of = objective) =>
  Effect.gen(function* () {
    const service = yield* Catapults
    return yield* service.minimise(of, start, { learningRate, steps })
  }).pipe(Effect.provide(Catapults.layer))

describe("Catapults", () => {
  it("has ids that begin with its own", () => {
    const { claims, errata, experiments, id } = system
    const ids = [...claims, ...errata, ...experiments].map((item) => item.id)
    assert.deepStrictEqual(
      ids.filter((each) => !each.startsWith(`${id}/`)),
      [],
    )
    assert.strictEqual(new Set(ids).size, ids.length)
  })

  it.effect("minimises", () =>
    Effect.gen(function* () {
      const point = yield* minimise(Float64Array.of(1, 1), 0.25)
      assert.deepStrictEqual(point, Float64Array.of(0, 0.421875))
    }),
  )

  it.effect("fails with what diverged", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(minimise(Float64Array.of(1, 1), 1, 10_000))
      assert.strictEqual(error._tag, "Diverged")
    }),
  )

  it.effect("fails with what is wrong with the input", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(minimise(Float64Array.of(1, 1), -1))
      assert.strictEqual(error._tag, "InvalidInput")
    }),
  )

  it.effect("does not take a defect for bad input", () =>
    Effect.gen(function* () {
      const broken = {
        ...objective,
        get dimension(): number {
          throw new TypeError("broken")
        },
      }
      const cause = yield* Effect.sandbox(minimise(Float64Array.of(1), 0.1, 1, broken)).pipe(
        Effect.flip,
      )
      assert.isTrue(Cause.hasDies(cause))
    }),
  )
})
