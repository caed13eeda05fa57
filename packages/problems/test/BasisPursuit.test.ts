import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { basisPursuit } from "../src/BasisPursuit.ts"

describe("basisPursuit", () => {
  it.effect("finds the cheapest weights, of either sign or of one", () =>
    Effect.gen(function* () {
      const problem = {
        matrix: Float64Array.of(1, 2, 1),
        labels: Float64Array.of(-4),
        costs: Float64Array.of(1, 1, 0.4),
      }
      const free = yield* basisPursuit({ ...problem, isNonNegative: false })
      assert.deepStrictEqual([...free.weights], [0, 0, -4])
      assert.closeTo(free.value, 1.6, 1e-12)
      const positive = yield* basisPursuit({
        ...problem,
        labels: Float64Array.of(4),
        costs: Float64Array.of(1, 1, 0.6),
        isNonNegative: true,
      })
      assert.deepStrictEqual([...positive.weights], [0, 2, 0])
    }),
  )

  it.effect("refuses a matrix of another shape, and numbers that are none", () =>
    Effect.gen(function* () {
      const problem = {
        matrix: Float64Array.of(1, 2),
        labels: Float64Array.of(1),
        costs: Float64Array.of(1, 1),
        isNonNegative: true,
      }
      const wrong = [
        { matrix: Float64Array.of(1, 2, 3, 4, 5, 6), labels: Float64Array.of(1, 1) },
        { matrix: Float64Array.of(1, NaN) },
        { labels: Float64Array.of(Infinity) },
        { costs: Float64Array.of(1, -1) },
      ]
      for (const change of wrong) {
        const exit = yield* Effect.exit(basisPursuit({ ...problem, ...change }))
        assert.match(String(exit), /InvalidInput/)
      }
    }),
  )

  it.effect("says where there are none", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(
        basisPursuit({
          matrix: Float64Array.of(1, 1),
          labels: Float64Array.of(-1),
          costs: Float64Array.of(1, 1),
          isNonNegative: true,
        }),
      )
      assert.match(failure.message, /not solved: Infeasible; check that the labels can be met/)
    }),
  )
})
