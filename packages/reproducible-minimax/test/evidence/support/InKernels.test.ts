import { assert, describe, it } from "@effect/vitest"
import { Rows } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Stream } from "effect"
import { inKernels } from "../../../src/evidence/support/InKernels.ts"

const { arena } = Kernels.strict()

const rows = (last: number) =>
  Rows.stepwise(() =>
    inKernels(function* (workspace) {
      const vector = workspace.f64(8)
      for (let k = 0; k < last; k++) {
        vector[0] = k
        yield undefined
        yield { value: vector[0], inside: arena.holds(vector) }
      }
    }),
  )

describe("inKernels", () => {
  it.effect("gives the rows, and the memory of the kernels back at their end", () =>
    Effect.gen(function* () {
      const used = arena.used
      const all = yield* Stream.runCollect(rows(3))
      assert.deepStrictEqual(
        Array.from(all),
        [0, 1, 2].map((value) => ({ value, inside: true })),
      )
      assert.strictEqual(arena.used, used)
    }),
  )

  it.effect("gives it back where a reader leaves before the end", () =>
    Effect.gen(function* () {
      const used = arena.used
      const some = yield* Stream.runCollect(Stream.take(rows(Number.POSITIVE_INFINITY), 2))
      assert.strictEqual(Array.from(some).length, 2)
      assert.strictEqual(arena.used, used)
    }),
  )
})
