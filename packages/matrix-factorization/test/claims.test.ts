// Every claim holds, and every control is caught: a control that survives makes the verdict Toothless.
import { Verify } from "@nonconvex/evidence"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { claims } from "../src/claims.ts"

describe.for(claims)("$id", (claim) => {
  it("holds, and its controls are caught", async () => {
    const verdict = await Effect.runPromise(Verify.claim(claim, { runs: 200, seed: 1 }))
    assert.strictEqual(verdict._tag, "Held", JSON.stringify(verdict))
  })
})
