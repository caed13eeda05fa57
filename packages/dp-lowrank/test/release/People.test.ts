// People with several rows: the noise that protects them all together, and for whom a ledger counts.
import { assert, describe, it } from "@effect/vitest"
import { InvalidInput } from "@nonconvex/numerics"
import { Effect } from "effect"
import * as fc from "fast-check"
import { readFileSync } from "node:fs"
import * as Ledger from "../../src/ledger/Ledger.ts"
import {
  GaussianPrivacy,
  GridPlan,
  Mechanism,
  Permit,
  PrivateScatter,
  Public,
  release,
  statement,
} from "../../src/index.ts"
import { operatingSystem } from "../../src/noise/OperatingSystem.ts"
import { reveal, rounded } from "../../src/release/PrivateScatter.ts"
import { account, budget, live } from "../support/Ledgers.ts"

const bound = Public.bound(1.5)
const mechanism = (rowsPerPerson?: number, neighbours: "replace" | "add-remove" = "replace") =>
  Mechanism.isotropic({ epsilon: 1, delta: 1e-6, neighbours, bound, rowsPerPerson })

/** The Frobenius distance of the sums of two tables, in the steps of a grid. */
const distance = (dimension: number, one: Float64Array, other: Float64Array): number => {
  const [first, second] = [one, other].map((rows) => {
    const scatter = PrivateScatter.make({ dimension, bound })
    scatter.add(rows)
    return reveal(scatter)
  })
  const { exponent } = first!
  const differences = Array.from(
    { length: dimension * dimension },
    (_, i) => rounded(first!, i, exponent) - rounded(second!, i, exponent),
  )
  return Math.hypot(...differences) * 2 ** exponent
}

describe("people with several rows", () => {
  it("need exactly that many times the noise, whatever the neighbours", () => {
    for (const neighbours of ["replace", "add-remove"] as const) {
      const { scale, sensitivity } = mechanism(undefined, neighbours)
      for (const rows of [1, 2, 3, 10, 1000, 2 ** 24]) {
        const of = mechanism(rows, neighbours)
        assert.closeTo(of.scale / (rows * scale), 1, 1e-15)
        assert.strictEqual(of.sensitivity, rows * sensitivity)
      }
    }
  })

  it("get what they are promised from the noise of one row, by its own accounting", () => {
    for (const rows of [1, 2, 7, 50]) {
      const { diagonalSteps, exponent, privacy } = GridPlan.make(mechanism(rows), 4)
      // of one row, under this noise
      const mu = (Math.SQRT2 * bound * bound) / (diagonalSteps * 2 ** exponent)
      assert.closeTo(GaussianPrivacy.epsilon(rows * mu, 1e-6), 1, 1e-6)
      assert.isAtMost(GaussianPrivacy.epsilon(rows * mu, 1e-6), 1)
      assert.closeTo(privacy.rho, 0.5 * (rows * mu) ** 2, 1e-6 * privacy.rho)
      assert.strictEqual(privacy.rowsPerPerson, rows)
    }
  })

  it("move the sum no further than the plan says, and so far where their rows are equal", () => {
    const dimension = 3
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (rows, seed) => {
        let state = seed
        const next = () => (state = Math.imul(state, 1_664_525) + 1_013_904_223) / 2 ** 30
        const table = () => Float64Array.from({ length: rows * dimension }, next)
        const { sensitivity } = GridPlan.make(mechanism(rows), dimension)
        assert.isAtMost(distance(dimension, table(), table()), sensitivity)
      }),
      { seed: 3, numRuns: 200 },
    )
    for (const rows of [1, 2, 5]) {
      const along = (axis: number) =>
        Float64Array.from({ length: rows * dimension }, (_, i) => (i % dimension === axis ? 9 : 0))
      const { sensitivity } = GridPlan.make(mechanism(rows), dimension)
      assert.closeTo(distance(dimension, along(0), along(1)) / sensitivity, 1, 1e-6)
      const without = GridPlan.make(mechanism(rows, "add-remove"), dimension)
      const none = new Float64Array(rows * dimension)
      assert.closeTo(distance(dimension, along(0), none) / without.sensitivity, 1, 1e-6)
    }
  })

  it("are named by the statement", () => {
    const said = (rows: number, neighbours: "replace" | "add-remove") => {
      const scatter = PrivateScatter.make({ dimension: 2, bound })
      const plan = GridPlan.make(mechanism(rows, neighbours), 2)
      return statement(release(scatter, Permit.withoutLedger(plan), operatingSystem))
    }
    assert.include(said(1, "replace"), "private where one row is replaced by another, rows")
    assert.include(said(1, "add-remove"), "private where one row is added or removed, rows")
    const all = "private where all rows of one person, up to 3, are"
    assert.include(said(3, "replace"), `${all} replaced by others, rows`)
    assert.include(said(3, "add-remove"), `${all} added or removed, rows`)
  })

  it("are an integer of rows, from 1 to as many as a release takes", () => {
    for (const rows of [0, -1, 1.5, Number.NaN, 2 ** 24 + 1]) {
      assert.throws(() => mechanism(rows), InvalidInput)
      assert.throws(
        () => GridPlan.make({ ...mechanism(), rowsPerPerson: rows }, 2),
        /the rows per person must be an integer from 1 to 16777216/,
      )
    }
  })

  live("have a ledger of their own, and one for rows does not pay for them", () =>
    Effect.gen(function* () {
      const ledger = account()
      yield* Ledger.create(ledger, { neighbours: "replace", rowsPerPerson: 3, budget })
      const plan = (rows: number) => GridPlan.make(mechanism(rows), 2)
      assert.strictEqual((yield* Ledger.status(ledger)).rowsPerPerson, 3)
      const other = yield* Effect.flip(Ledger.spend(ledger, plan(1), "x"))
      assert.match(other.message, /for the rows per person "3", not "1"/)
      assert.strictEqual((yield* Ledger.spend(ledger, plan(3), "x")).receipt?.entry, 1)
      const rows = account()
      yield* Ledger.create(rows, { neighbours: "replace", budget })
      assert.strictEqual((yield* Ledger.status(rows)).rowsPerPerson, 1)
      assert.notInclude(readFileSync(rows.path, "utf8"), "rowsPerPerson")
      const people = yield* Effect.flip(Ledger.check(rows, plan(2)))
      assert.strictEqual(people._tag, "LedgerOfOther")
      const none = yield* Effect.flip(
        Ledger.create(account(), { neighbours: "replace", rowsPerPerson: 0, budget }),
      )
      assert.instanceOf(none, InvalidInput)
    }),
  )
})
