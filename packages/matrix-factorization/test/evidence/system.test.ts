import { assert, describe, it, layer } from "@effect/vitest"
import { InvalidInput, Seed } from "@nonconvex/numerics"
import { Effect } from "effect"
import { normals } from "../../src/evidence/support/Instances.ts"
import {
  claims,
  errata,
  experiments,
  MatrixFactorization,
  system,
} from "../../src/evidence/index.ts"
import {
  completion,
  Factorisation,
  flatten,
  flattestInterpolant,
  recover,
  UnseenDirections,
} from "../../src/index.ts"
import { sensing } from "../support/Numbers.ts"

const { measurements, targets } = sensing(3, 1, 8, 2)
const shape = Factorisation.shape([3, 3, 3])
const x = normals(Seed.root(1), shape.dimension)

layer(MatrixFactorization.layer)("MatrixFactorization", (test) => {
  test.effect("is the system that it exports", () =>
    Effect.gen(function* () {
      const service = yield* MatrixFactorization
      assert.deepStrictEqual(
        [service.id, service.module, service.claims, service.errata, service.experiments],
        ["matrix-factorization", system.module, claims, errata, experiments],
      )
    }),
  )

  test.effect("answers as the functions do", () =>
    Effect.gen(function* () {
      const service = yield* MatrixFactorization
      assert.deepStrictEqual(
        yield* service.flatten(measurements, shape, x),
        flatten(measurements, shape, x),
      )
      assert.deepStrictEqual(
        yield* service.recover(measurements, targets),
        recover(measurements, targets),
      )
      assert.deepStrictEqual(
        yield* service.flattestInterpolant(measurements, targets),
        flattestInterpolant(measurements, targets),
      )
    }),
  )

  test.effect("fails with typed errors, and dies of others", () =>
    Effect.gen(function* () {
      const service = yield* MatrixFactorization
      const short = yield* Effect.flip(service.recover(measurements, targets.slice(1)))
      assert.instanceOf(short, InvalidInput)
      const unseen = completion({ rows: 2, columns: 2, entries: [[0, 0]] })
      const blind = yield* Effect.flip(service.flattestInterpolant(unseen, Float64Array.of(1)))
      assert.instanceOf(blind, UnseenDirections)
      const broken = {
        ...measurements,
        leftMoment: () => {
          throw new RangeError("broken")
        },
      }
      const exit = yield* Effect.exit(service.flatten(broken, shape, x))
      assert.isTrue(exit._tag === "Failure" && exit.cause.reasons.some((r) => r._tag === "Die"))
    }),
  )
})

describe("the system", () => {
  it("has claims of its own name only", () => {
    for (const { id } of claims) assert.match(id, /^matrix-factorization\//)
  })
})
