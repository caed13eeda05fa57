import { assert, describe, it } from "@effect/vitest"
import { Products } from "@nonconvex/problems"
import { Seed } from "@nonconvex/numerics"
import { Cause, Effect } from "effect"
import { ReproducibleMinimax } from "../../src/evidence/index.ts"
import { type Problem, solve } from "../../src/index.ts"
import { gameOf, rockPaperScissors } from "../support/Games.ts"

const options = { gap: 0.01, deviation: 1e-7, failure: 1e-3, seed: Seed.root(1) }
const { center, problem } = gameOf(rockPaperScissors, 3)

const solved = (of: Problem) =>
  Effect.gen(function* () {
    const service = yield* ReproducibleMinimax
    return yield* service.solve(of, center, options)
  }).pipe(Effect.provide(ReproducibleMinimax.layer))

describe("ReproducibleMinimax", () => {
  it.effect("solves as the plain function does, to the bit", () =>
    Effect.gen(function* () {
      const answer = yield* solved(problem)
      assert.deepStrictEqual(answer.certified, solve(problem, center, options).certified)
    }),
  )

  it.effect("fails with what cannot be had together", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        solved(gameOf(rockPaperScissors, 3, Products.float32).problem),
      )
      assert.strictEqual(error._tag, "Irreproducible")
    }),
  )

  it.effect("does not take a defect for bad input", () =>
    Effect.gen(function* () {
      const broken: Problem = {
        ...problem,
        operator: () => {
          throw new TypeError("broken")
        },
      }
      const cause = yield* Effect.sandbox(solved(broken)).pipe(Effect.flip)
      assert.isTrue(Cause.hasDies(cause))
    }),
  )
})
