// The table of what noise as printed delivers (mpmath), and what the plan of a release adds to it.
import { InvalidInput } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { GaussianPrivacy, GridPlan, Mechanism, type Neighbours, Public } from "../../src/index.ts"
import { largestDimension } from "../../src/privacy/Target.ts"
import * as Deviations from "../../src/noise/Deviations.ts"

const bound = Public.bound(1)

const table: ReadonlyArray<readonly [number, number, number, number, number, number]> = [
  [0.5, 1e-6, 0.2575, 0.1778, 0.373, 0.5404],
  [1, 1e-6, 0.5404, 0.373, 0.7837, 1.138],
  [1, 1e-3, 0.4196, 0.2772, 0.6339, 0.9574],
  [2, 1e-6, 1.138, 0.784, 1.657, 2.422],
  [5, 1e-6, 3.101, 2.115, 4.575, 6.809],
  [10, 1e-6, 6.809, 4.575, 10.25, 15.68],
  [20, 1e-3, 17.86, 11.03, 29.6, 50.4],
]

describe("Mechanism", () => {
  it.each(table)(
    "delivers what the exact analysis says at (%d, %d)",
    (epsilon, delta, complexReplace, complexAdd, upperAdd, upperReplace) => {
      const of = (name: Mechanism.Mechanism["name"], neighbours: Neighbours) =>
        Mechanism.deliveredEpsilon(Mechanism.named(name, { epsilon, delta, neighbours, bound }))
      assert.closeTo(of("complex-as-printed", "replace") / complexReplace, 1, 1e-3)
      assert.closeTo(of("complex-as-printed", "add-remove") / complexAdd, 1, 1e-3)
      assert.closeTo(of("real-as-printed", "replace") / complexReplace, 1, 1e-3)
      assert.closeTo(of("upper-triangle-as-printed", "add-remove") / upperAdd, 1, 1e-3)
      assert.closeTo(of("upper-triangle-as-printed", "replace") / upperReplace, 1, 2e-3)
      for (const name of ["isotropic", "complex", "upper-triangle"] as const) {
        assert.closeTo(of(name, "replace") / epsilon, 1, 1e-9)
        assert.closeTo(of(name, "add-remove") / epsilon, 1, 1e-9)
      }
    },
  )

  it("scales with the square of the bound, and has half of the variance off the diagonal", () => {
    const options = { epsilon: 1, delta: 1e-6, neighbours: "replace" } as const
    const small = Mechanism.isotropic({ ...options, bound })
    const large = Mechanism.isotropic({ ...options, bound: Public.bound(2) })
    assert.strictEqual(large.scale, 4 * small.scale)
    assert.closeTo(
      Deviations.offDiagonalScale(small) ** 2 / Deviations.diagonalScale(small) ** 2,
      0.5,
      1e-15,
    )
    const printed = Mechanism.named("complex-as-printed", { ...options, bound: Public.bound(2) })
    assert.closeTo(printed.scale, 8 * 5.29880252685, 1e-9)
  })
})

describe("GridPlan", () => {
  const options = { epsilon: 1, delta: 1e-6, neighbours: "replace", bound } as const

  it("pays for rounding and for the discrete noise", () => {
    const mechanism = Mechanism.isotropic(options)
    const { diagonalSteps, exponent, offDiagonalSteps, privacy, sensitivity } = GridPlan.make(
      mechanism,
      300,
    )
    assert.strictEqual(exponent, -27)
    assert.isAtLeast(sensitivity, Math.SQRT2 + 300 * 2 ** -27)
    assert.isAtLeast(diagonalSteps * 2 ** exponent, mechanism.scale)
    assert.isAtLeast(offDiagonalSteps, diagonalSteps * Math.SQRT1_2 - 1)
    assert.isAtLeast(privacy.mu, sensitivity / (diagonalSteps * 2 ** exponent))
    assert.isBelow(privacy.excess, 1e-12)
    const delivered = GaussianPrivacy.epsilon(privacy.mu, 1e-6) + 2 * privacy.excess
    assert.isAtMost(delivered, 1)
    assert.isAbove(delivered, 1 - 1e-9)
  })

  it("keeps the printed scale, and says what that gives", () => {
    const { privacy } = GridPlan.make(Mechanism.named("complex-as-printed", options), 10)
    assert.closeTo(privacy.epsilon, 0.5404, 1e-4)
  })

  it("refuses dimensions and targets that it cannot meet", () => {
    const mechanism = Mechanism.isotropic(options)
    assert.throws(() => GridPlan.make(mechanism, 0), InvalidInput, /dimension/)
    const most = largestDimension
    assert.strictEqual(GridPlan.make(mechanism, most).dimension, most)
    assert.throws(() => GridPlan.make(mechanism, most + 1), InvalidInput, /from 1 to 8192/)
    const tiny = Mechanism.isotropic({ ...options, epsilon: 1e-13 })
    assert.throws(() => GridPlan.make(tiny, 300), InvalidInput, /epsilon must be above the price/)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e101])("refuses the bound %d", (value) => {
    assert.throws(() => Public.bound(value), InvalidInput, /between 1e-100 and 1e100/)
  })

  it("refuses centres and counts that are none", () => {
    assert.throws(() => Public.centre([Number.NaN]), InvalidInput, /finite/)
    assert.throws(() => Public.rowCount(0), InvalidInput, /at least 1/)
    assert.strictEqual(Public.rowCount(3) + 0, 3)
  })
})
