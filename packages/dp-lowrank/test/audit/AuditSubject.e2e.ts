// Pairs of neighbours, and audits of what ships: rows are clipped, and the noise is that of the plan, at bounds of any size.
import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Deviations from "../../src/noise/Deviations.ts"
import { agrees, audit } from "../../src/audit/Audit.ts"
import { idealised, released, worstPair } from "../../src/audit/AuditSubject.ts"
import { GridPlan, Mechanism, Public } from "../../src/index.ts"

const target = { epsilon: 3, delta: 1e-2 }

describe("worstPair", () => {
  it("is as far apart as neighbours can be", () => {
    const { difference, rows } = worstPair(2, "replace", 3)
    assert.deepStrictEqual(rows, [Float64Array.of(3, 0), Float64Array.of(0, 3)])
    assert.deepStrictEqual(difference, Float64Array.of(-9, 0, 0, 9))
    const { matrices, rows: more } = worstPair(2, "add-remove", 1)
    assert.deepStrictEqual(more, [Float64Array.of(1, 0), new Float64Array()])
    assert.deepStrictEqual(matrices, [Float64Array.of(1, 0, 0, 0), new Float64Array(4)])
  })
})

describe.each([1, 1e100, 1e-100])("audits at the bound %d", (size) => {
  const bound = Public.bound(size)
  const options = { ...target, samples: 10_000, confidence: 1 - 1e-6, seed: Seed.root(1) }

  it.each(["replace", "add-remove"] as const)(
    "find what a release promises under %s",
    (neighbours) => {
      const mechanism = Mechanism.isotropic({ ...target, neighbours, bound })
      const plan = GridPlan.make(mechanism, 3)
      const pair = worstPair(3, neighbours, 2 * bound)
      const good = audit(released(pair, plan), options)
      assert.strictEqual(good.verdict, "no violation found")
      assert.isTrue(agrees(good, plan.privacy.mu), `${good.mu} for ${plan.privacy.mu}`)
      const bad = audit(released(pair, plan, { noise: 0.5 }), options)
      assert.strictEqual(bad.verdict, "violation")
      assert.closeTo(bad.mu, 2 * plan.privacy.mu, 9 * bad.muStandardError)
      // the idealised noise does not clip: rows of twice the bound are four times as far apart
      const loose = audit(idealised(pair, mechanism), options)
      assert.closeTo(loose.mu, 4 * Deviations.mu(mechanism), 9 * loose.muStandardError)
    },
  )
})
