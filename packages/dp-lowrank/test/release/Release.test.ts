// The secure path: the grid, the support, the leak of the naive path, permits, and what may be passed as what.
import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { assert, describe, it } from "vitest"
import { perRow } from "../../src/components/PerRow.ts"
import {
  Entropy,
  GaussianPrivacy,
  GridPlan,
  Mechanism,
  type NoisyScatter,
  Permit,
  PrivateScatter,
  Public,
  release,
  statement,
} from "../../src/index.ts"
import { operatingSystem } from "../../src/node/index.ts"
import { logDelta, logDeltaUpper } from "../../src/privacy/GaussianTail.ts"
import { idealTarget } from "../../src/release/GridPrice.ts"
import { PermitUsed } from "../../src/release/Permit.ts"
import { seeded } from "../support/Unsafe.ts"

const bound = Public.bound(1)
const options = { epsilon: 1, delta: 1e-6, neighbours: "replace", bound } as const

const released = (
  rows: ReadonlyArray<number>,
  dimension: number,
  source: Entropy.Source,
  make: typeof Mechanism.isotropic = Mechanism.isotropic,
): NoisyScatter => {
  const scatter = PrivateScatter.make({ dimension, bound })
  scatter.add(Float64Array.from(rows))
  return release(scatter, Permit.withoutLedger(GridPlan.make(make(options), dimension)), source)
}

describe("release", () => {
  it("is symmetric, finite, and on the grid, whatever the data", () => {
    for (const rows of [[], [1, 0, 0], [1e300, -1e300, 5], [1e-310, 0.3, 0.7]]) {
      const { grid, matrix } = released(rows, 3, seeded(1))
      assert.isTrue(matrix.every((x) => Number.isInteger(x / grid) && Math.abs(x / grid) < 2 ** 52))
      for (let i = 0; i < 9; i++)
        assert.strictEqual(matrix[i], matrix[(i % 3) * 3 + Math.floor(i / 3)])
    }
  })

  it("adds the same noise to any data: the difference of two releases from one seed is the difference of the data", () => {
    const empty = released([], 2, seeded(9))
    const unit = released([1, 0], 2, seeded(9))
    assert.deepStrictEqual(
      unit.matrix.map((x, i) => x - empty.matrix[i]!),
      Float64Array.of(1, 0, 0, 0),
    )
  })

  it("has the same lattice for M = 0 and for M = e1 e1^T, where Box-Muller in float64 tells them apart", () => {
    const stream = RandomStream.make(Seed.root(5))
    const boxMuller = () =>
      Math.sqrt(-2 * Math.log(stream.uniformOpen())) * Math.cos(2 * Math.PI * stream.uniform())
    const isOff = (y: number) => !Number.isInteger(y * 2 ** 54)
    let [zeros, ones] = [0, 0]
    const n = 20_000
    for (let i = 0; i < n; i++) {
      if (isOff(boxMuller())) zeros++
      if (isOff(1 + boxMuller())) ones++
    }
    assert.closeTo(zeros / n, 0.13, 0.02)
    assert.strictEqual(ones, 0)
    for (const rows of [[], [1, 0]]) {
      for (let seed = 0; seed < 200; seed++) {
        const { grid, matrix } = released(rows, 2, seeded(seed))
        assert.isTrue(matrix.every((x) => Number.isInteger(x / grid)))
      }
    }
  })

  it("says when the noise was not secret, and else what it promises", () => {
    const known = released([0.5], 1, seeded(1))
    assert.strictEqual(known.unsafeSource, "the seed 1")
    assert.match(statement(known), /^No privacy: the noise came from the seed 1/)
    const secret = released([0.5], 1, operatingSystem)
    assert.strictEqual(secret.unsafeSource, undefined)
    assert.match(
      statement(secret),
      /^\(1, 0.000001\)-differentially private where one row is replaced by another, rows clipped to norm 1; 0.0280\d+-zCDP/,
    )
  })

  it("calls a generator by its name only where it is the one of the operating system", () => {
    const forged = {
      ...operatingSystem,
      fill: seeded(1).fill,
    } as Entropy.Source
    const known = released([0.5], 1, forged)
    assert.match(statement(known), /^No privacy: the noise came from a generator of unknown origin/)
    assert.isTrue(Object.isFrozen(operatingSystem))
  })

  it("states no less than it costs", () => {
    const make = () => Mechanism.named("upper-triangle-as-printed", options)
    const noisy = released([0.5], 1, operatingSystem, make)
    const [, epsilon] = /^\(([\d.]+), /.exec(statement(noisy))!
    assert.isAtLeast(Number(epsilon), noisy.privacy.epsilon)
    assert.closeTo(Number(epsilon), noisy.privacy.epsilon, 1e-5)
  })

  it("never gives the same noise twice from the operating system", () => {
    const [first, second] = [1, 2].map(() => released([], 3, operatingSystem))
    assert.isTrue(first!.matrix.every((x, i) => x !== second!.matrix[i]))
  })

  it("is divided by public counts of rows only, noise and grid included", () => {
    const noisy = released([1, 0], 2, seeded(1))
    const mean = perRow(noisy, Public.rowCount(4))
    assert.deepStrictEqual(
      mean.matrix,
      noisy.matrix.map((x) => x / 4),
    )
    assert.strictEqual(4 * mean.offDiagonalScale, noisy.offDiagonalScale)
    assert.strictEqual(4 * mean.grid, noisy.grid)
    const seventh = perRow(noisy, Public.rowCount(7))
    const isOnGrid = (of: NoisyScatter) => of.matrix.every((x) => Number.isInteger(x / of.grid))
    assert.deepStrictEqual([isOnGrid(noisy), isOnGrid(seventh)], [true, false])
    // one rounding of a quotient, which is post-processing
    seventh.matrix.forEach((x, i) => assert.strictEqual(x, noisy.matrix[i]! / 7))
  })

  it("uses each mechanism's own variances, and a permit once", () => {
    const upper = released([], 2, seeded(1), (asked) => Mechanism.named("upper-triangle", asked))
    assert.strictEqual(upper.diagonalScale, upper.offDiagonalScale)
    const scatter = PrivateScatter.make({ dimension: 1, bound })
    const permit = Permit.withoutLedger(GridPlan.make(Mechanism.isotropic(options), 1))
    release(scatter, permit, seeded(1))
    assert.throws(() => release(scatter, permit, seeded(1)), PermitUsed, /has been used/)
  })

  it("refuses a plan for other data", () => {
    const permit = Permit.withoutLedger(GridPlan.make(Mechanism.isotropic(options), 2))
    const other = PrivateScatter.make({ dimension: 3, bound })
    assert.throws(() => release(other, permit, seeded(1)), InvalidInput, /dimension and the bound/)
    const longer = PrivateScatter.make({ dimension: 2, bound: Public.bound(2) })
    assert.throws(() => release(longer, permit, seeded(1)), InvalidInput, /dimension and the bound/)
  })

  it("releases 300 dimensions", () => {
    const { matrix } = released(
      Array.from({ length: 300 }, () => 0.01),
      300,
      operatingSystem,
    )
    assert.strictEqual(matrix.length, 90_000)
  })
})

describe("GridPlan", () => {
  it("refuses noise that the sampler could not draw, before anything is spent", () => {
    for (const [epsilon, delta, dimension, message] of [
      [1e-12, 1e-15, 10, /too wide for exact integers in this dimension; .* or delta \(/],
      [1e-6, 1e-9, 8192, /too wide for exact integers/],
      [1e-300, 1e-300, 1, /too wide for exact integers/],
      [1e-15, 0.5, 1, /epsilon must be above the price of .*price = 9\.\d+e-14\)$/],
    ] as const) {
      const mechanism = Mechanism.isotropic({ ...options, epsilon, delta })
      assert.throws(() => GridPlan.make(mechanism, dimension), InvalidInput, message)
    }
  })

  const isRefused = (epsilon: number, delta: number, dimension: number) => {
    try {
      GridPlan.make(Mechanism.isotropic({ ...options, epsilon, delta }), dimension)
    } catch (error) {
      assert.instanceOf(error, InvalidInput)
      return true
    }
    return false
  }

  it("has the limits that the README states: the price of the grid, and the width of the noise", () => {
    for (const [dimension, least] of [
      [1, 1e-14],
      [100, 1e-13],
      [8192, 1e-9],
    ] as const) {
      assert.isFalse(isRefused(least, 1e-6, dimension), `${dimension} columns`)
      assert.isTrue(isRefused(least / 10, 1e-6, dimension), `${dimension} columns`)
    }
    for (const dimension of [1, 100, 8192]) {
      for (const delta of [1e-9, 1e-15, 1e-100]) {
        for (let epsilon = 1; epsilon > 1e-8; epsilon /= 1.5) {
          const width = dimension * GaussianPrivacy.noiseMultiplier({ epsilon, delta })
          // between them it depends on how the scale lies between two powers of 2
          if (width < 3 * 2 ** 30) assert.isFalse(isRefused(epsilon, delta, dimension))
          if (width > 3.6 * 2 ** 30) assert.isTrue(isRefused(epsilon, delta, dimension))
        }
      }
    }
  })

  it("takes the smallest delta of the accounting, which pays for its grid too", () => {
    const target = { epsilon: 1, delta: 1e-300 }
    for (const dimension of [1, 300]) {
      const { privacy } = GridPlan.make(Mechanism.isotropic({ ...options, ...target }), dimension)
      const { delta, epsilon } = idealTarget(target, privacy.excess)
      assert.isBelow(delta, target.delta)
      assert.isAtMost(logDeltaUpper(privacy.mu, epsilon), Elementary.log(delta))
    }
    const forged = { ...Mechanism.isotropic(options), target: { epsilon: 1, delta: 9e-301 } }
    assert.throws(() => GridPlan.make(forged, 1), InvalidInput, /at least 1e-300 and below 1/)
  })

  it("takes the sensitivity from the bound and the relation, whatever a mechanism says", () => {
    const honest = Mechanism.isotropic(options)
    const forged = { ...honest, sensitivity: honest.sensitivity / 2, scale: honest.scale / 2 }
    const [plan, other] = [honest, forged].map((mechanism) => GridPlan.make(mechanism, 3))
    assert.closeTo(other!.mechanism.scale / plan!.mechanism.scale, 1, 1e-8)
    assert.isAtMost(logDelta(other!.privacy.mu, options.epsilon), Math.log(options.delta))
  })
})

describe("types", () => {
  it("keep what is not public or not secret out", () => {
    const plain = 1
    const stream = RandomStream.make(Seed.root(1))
    const scatter = PrivateScatter.make({ dimension: 1, bound })
    const permit = () => Permit.withoutLedger(GridPlan.make(Mechanism.isotropic(options), 1))
    const refused = [
      // @ts-expect-error a bound that nobody declared public
      () => Mechanism.isotropic({ ...options, bound: plain }),
      // @ts-expect-error the same, where rows are clipped
      () => PrivateScatter.make({ dimension: 1, bound: plain }),
      // @ts-expect-error a mean of the data is no public centre
      () => PrivateScatter.make({ dimension: 1, bound, centre: Float64Array.of(1) }),
      // @ts-expect-error a count of rows that nobody declared public
      () => perRow(released([], 1, seeded(1)), 4),
      // @ts-expect-error what was accumulated is no number
      () => Public.bound(scatter),
      // @ts-expect-error a generator that is not cryptographic
      () => release(scatter, permit(), stream),
      // @ts-expect-error a generator that only says that it is cryptographic
      () => release(scatter, permit(), { _tag: "Cryptographic", fill: () => undefined }),
    ]
    assert.strictEqual(refused.length, 7)
  })
})
