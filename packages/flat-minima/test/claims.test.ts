// Every claim holds, and every control is caught: a control that survives makes the verdict Toothless.
import { Verify } from "@nonconvex/evidence"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { claims, laws } from "../src/claims.ts"
import { sharpnessAwarePerturbation } from "../src/SharpnessAware.ts"
import { smoothedPerturbation } from "../src/Smoothed.ts"

describe.for(claims)("$id", (claim) => {
  it("holds, and its controls are caught", async () => {
    const verdict = await Effect.runPromise(Verify.claim(claim, { runs: 40, seed: 1 }))
    assert.strictEqual(verdict._tag, "Held", JSON.stringify(verdict))
  })
})

describe("laws against another implementation", () => {
  it("falsify a radius that does not scale", async () => {
    const scale = laws.find(({ id }) => id === "flat-minima/scale-of-the-parameters")!
    const claim = scale.against({
      smoothed: (options) => smoothedPerturbation({ ...options, radius: 0.2 }),
      sharpnessAware: (options) => sharpnessAwarePerturbation({ ...options, radius: 0.2 }),
    })
    const verdict = await Effect.runPromise(Verify.claim(claim, { runs: 40, seed: 1 }))
    assert.strictEqual(verdict._tag, "Falsified")
  })
})
