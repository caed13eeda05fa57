import { assert, describe, it } from "vitest"
import { GridPlan, Mechanism, Permit, PrivateCount, Public, release } from "../../src/index.ts"
import { seeded } from "../support/Unsafe.ts"

const target = { epsilon: 0.5, delta: 1e-6 }
const bound = Public.bound(40)
const beside = (rowsPerPerson: number | undefined, neighbours: "add-remove" | "replace") =>
  Mechanism.isotropic({ ...target, neighbours, rowsPerPerson, bound })

describe("a private count", () => {
  it("is near the count, and its interval holds it", () => {
    const plan = PrivateCount.plan(target, beside(undefined, "add-remove"))
    for (const [seed, rows] of [0, 1, 1000, 70_000].entries()) {
      const noisy = release(PrivateCount.scatter(rows), Permit.withoutLedger(plan), seeded(seed))
      const { estimate, lower, upper } = PrivateCount.read(noisy, 1e-9)
      assert.isTrue(lower <= rows && rows <= upper, `${rows} in [${lower}, ${upper}]`)
      assert.isBelow(Math.abs(estimate - rows), 7 * noisy.diagonalScale)
      assert.isBelow(upper - rows, 14 * noisy.diagonalScale)
    }
  })

  it("takes as many times the noise as a person has rows", () => {
    const [one, five] = [1, 5].map((rows) => PrivateCount.plan(target, beside(rows, "add-remove")))
    assert.closeTo(five!.mechanism.scale / one!.mechanism.scale, 5, 1e-6)
    assert.strictEqual(five!.privacy.rowsPerPerson, 5)
  })

  it("is paid for with the release beside it: mu^2 adds up", () => {
    const own = GridPlan.make(beside(undefined, "add-remove"), 3)
    const count = PrivateCount.plan({ ...target, epsilon: 0.1 }, own.mechanism)
    const { privacy } = PrivateCount.together(own, count)
    assert.closeTo(privacy.mu ** 2, own.privacy.mu ** 2 + count.privacy.mu ** 2, 1e-12)
    assert.closeTo(privacy.rho, own.privacy.rho + count.privacy.rho, 1e-12)
    assert.isAbove(privacy.epsilon, own.privacy.epsilon)
    assert.isBelow(privacy.epsilon, own.privacy.epsilon + count.privacy.epsilon)
  })

  it("is refused where the count is public", () => {
    assert.throws(() => PrivateCount.plan(target, beside(undefined, "replace")), /is public/)
  })
})
