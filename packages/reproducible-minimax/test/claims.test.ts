// Every claim holds, and every control is caught: a control that survives makes the verdict Toothless.
import { assert, describe, it } from "@effect/vitest"
import { Verdict, Verify } from "@nonconvex/evidence"
import { Effect } from "effect"
import { claims, errata, laws } from "../src/claims.ts"
import { reproducibleMinimax } from "../src/claims/Subject.ts"

const effort = { runs: 50, seed: 20_231_017 }

describe("claims", () => {
  for (const claim of claims) {
    it.effect(claim.id, () =>
      Effect.gen(function* () {
        const verdict = yield* Verify.claim(claim, effort)
        assert.strictEqual(verdict._tag, "Held", Verdict.describe(verdict))
      }),
    )
  }

  it("have names of their own, of this package", () => {
    const ids = [...claims, ...errata].map(({ id }) => id)
    assert.strictEqual(new Set(ids).size, ids.length)
    for (const id of ids) assert.match(id, /^reproducible-minimax\/[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  it.effect("catch gradient descent-ascent that calls itself extragradient", () =>
    Effect.gen(function* () {
      const law = laws.find(({ id }) => id.endsWith("/extragradient-gap"))!
      const wrong = { ...reproducibleMinimax, extragradient: reproducibleMinimax.gradient }
      const verdict = yield* Verify.claim(law.against(wrong), effort)
      assert.strictEqual(verdict._tag, "Falsified")
    }),
  )
})

describe("errata", () => {
  for (const erratum of errata) {
    it.effect(erratum.id, () =>
      Effect.gen(function* () {
        const verdict = yield* Verify.erratum(erratum, effort)
        assert.strictEqual(verdict._tag, "Refuted", Verdict.describe(verdict))
        assert.include(
          claims.map(({ id }) => id),
          erratum.corrected,
        )
      }),
    )
  }
})
