import { assert, describe, it } from "@effect/vitest"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Verify from "@nonconvex/evidence/Verify"
import { Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import { laws, reproducibleMinimax } from "../../src/evidence/index.ts"

describe("the laws, about another implementation", () => {
  it.effect("catch gradient descent-ascent that calls itself extragradient", () =>
    Effect.gen(function* () {
      const law = laws.find(({ id }) => id.endsWith("/extragradient-gap"))!
      const wrong = { ...reproducibleMinimax, extragradient: reproducibleMinimax.gradient }
      const verdict = yield* Verify.claim(law.against(wrong), { runs: 50, seed: 1 })
      assert.strictEqual(verdict._tag, "Falsified")
    }).pipe(Effect.provide(Kernels.layerStrict)),
  )

  // a law that holds of what cannot answer says nothing about an implementation
  const mute = new Proxy(reproducibleMinimax, {
    get: () => () => {
      throw new TypeError("asked")
    },
  })
  it.effect.each(laws.map((law) => ({ id: law.id, law })))(
    "$id asks the implementation",
    ({ law }) =>
      Effect.gen(function* () {
        const verdict = yield* Verify.claim(law.against(mute), { runs: 2, seed: 1 })
        assert.strictEqual(verdict._tag, "Broken")
        // of the law itself, not of a control, which the token would name
        assert.match(Verdict.describe(verdict), new RegExp(`broke: .*asked.*; replay ${law.id}@`))
      }).pipe(Effect.provide(Kernels.layerStrict)),
  )
})
