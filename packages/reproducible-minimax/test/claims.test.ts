import { assert, describe, it } from "@effect/vitest"
import { Verify } from "@nonconvex/evidence"
import { Effect } from "effect"
import { laws, reproducibleMinimax } from "../src/claims.ts"

describe("the laws, about another implementation", () => {
  it.effect("catch gradient descent-ascent that calls itself extragradient", () =>
    Effect.gen(function* () {
      const law = laws.find(({ id }) => id.endsWith("/extragradient-gap"))!
      const wrong = { ...reproducibleMinimax, extragradient: reproducibleMinimax.gradient }
      const verdict = yield* Verify.claim(law.against(wrong), { runs: 50, seed: 1 })
      assert.strictEqual(verdict._tag, "Falsified")
    }),
  )
})
