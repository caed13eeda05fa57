import { assert, describe, it } from "@effect/vitest"
import { Verdict, Verify } from "@nonconvex/evidence"
import { Effect } from "effect"
import { claims, errata } from "../src/claims.ts"

const effort = { runs: 64, seed: 20_241_016 }

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
    for (const id of ids) assert.match(id, /^label-noise\/[a-z0-9]+(-[a-z0-9]+)*$/)
  })
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
