// Known answers: mpmath with 60 digits, and the constants of Google's tests.
import { InvalidInput } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { GaussianPrivacy, ZeroConcentrated } from "../../src/index.ts"
import * as ConcentratedTail from "../../src/privacy/ConcentratedTail.ts"
import * as ClassicalGaussian from "../../src/privacy/ClassicalGaussian.ts"
import { logDelta, logDeltaUpper } from "../../src/privacy/GaussianTail.ts"
import { rhoOfGaussian } from "../../src/privacy/RhoOfGaussian.ts"
import { simpleEpsilon, simpleLogDelta } from "../../src/privacy/SimpleConversion.ts"

const multipliers: ReadonlyArray<readonly [epsilon: number, delta: number, sigma: number]> = [
  [0.01, 1e-5, 243.78543767567803],
  [0.1, 1e-5, 30.74956613197745],
  [0.1, 1e-10, 54.2062958369012691],
  [0.5, 1e-6, 8.0576184807250443],
  [1, 1e-5, 3.7306316348159418],
  [1, 1e-6, 4.2246788893268353],
  [1, 1e-10, 5.8677777496305264],
  [1, 1e-15, 7.4870094679865955],
  [2, 1e-6, 2.2304762711864173],
  [5, 1e-6, 0.98004900030920991],
  [10, 1e-5, 0.49988861970900851],
  [10, 1e-6, 0.54108683181836598],
  [10, 1e-15, 0.8289598747219692],
]

/** Where the difference of Mills ratios has no digits left, delta is almost 1, or everything is as large or small as it may be. */
const extremes: ReadonlyArray<readonly [epsilon: number, delta: number, sigma: number]> = [
  [5e-324, 1e-300, 3.9894228040143267e299],
  [1e-300, 1e-20, 3.989422804014327e19],
  [1e-17, 1e-17, 27602980479814328],
  [1e-9, 1e-9, 276029804.89734447],
  [1e-6, 1e-300, 36475988.4809531],
  [1e-3, 0.5, 0.74086918519562636],
  [1e-3, 1 - 2 ** -53, 0.060296025526970767],
  [100, 0.999999, 0.050634426005501344],
  [100, 0.5, 0.070360321490837157],
  [100, 1e-300, 0.38279839749776205],
]

/** log delta, by 700 digits of mpmath. */
const logDeltas: ReadonlyArray<readonly [mu: number, epsilon: number, logDelta: number]> = [
  [1e-300, 0, -691.69446643141838],
  [1e-17, 0, -40.062885114103449],
  [1e-17, 1e-17, -41.629067606611418],
  [1e-10, 1e-9, -78.578972965562815],
  [0.1249, 0.3, -7.8446007973699075],
  [0.125, 0.3, -7.8380109911905597],
]

const deltas: ReadonlyArray<readonly [mu: number, epsilon: number, delta: number]> = [
  [0.1, 0.1, 0.00875176814580959398],
  [0.5, Math.log(3), 0.00415974223400078676],
  [2, 0, 0.682689492137085897],
  [1, 1, 0.126936737506643946],
  [1, 0.5, 0.238421708134876628],
  [0.02, 0.5, 3.129776772980134e-141],
]

const conversions: ReadonlyArray<readonly [number, number, number, number, number]> = [
  [0.5, 1, 0.246846330783, 0.8825, 0.126936737507],
  [0.1, 2, 4.32521086909e-6, 1.2036e-4, 9.44799611102e-7],
  [0.005, 0.5, 3.44930909755e-8, 4.779e-6, 6.85658245584e-9],
  [2, 8, 2.00284538525e-3, 1.111e-2, 4.95401738939e-4],
]

const assertClose = (actual: number, expected: number, relative: number) =>
  assert.closeTo(actual / expected, 1, relative)

describe("GaussianPrivacy", () => {
  it.each([...multipliers, ...extremes])(
    "noiseMultiplier(%d, %d) is %d, and never below it",
    (epsilon, delta, sigma) => {
      const found = GaussianPrivacy.noiseMultiplier({ epsilon, delta })
      assertClose(found, sigma, 1e-12)
      assert.isAtLeast(found, sigma)
    },
  )

  it.each(deltas)("delta(%d, %d) is %d", (mu, epsilon, delta) => {
    assertClose(GaussianPrivacy.delta(mu, epsilon), delta, 1e-12)
  })

  it.each(logDeltas)("log delta(%d, %d) is %d, and its upper end not below", (mu, epsilon, log) => {
    assert.closeTo(logDelta(mu, epsilon) / log, 1, 1e-14)
    assert.isAtLeast(logDeltaUpper(mu, epsilon), log)
  })

  it("has no epsilon of 0 for a difference that is there", () => {
    // delta(0) is 4e-18
    assert.isAbove(GaussianPrivacy.epsilon(1e-17, 1e-20), 1e-17)
    assert.strictEqual(GaussianPrivacy.epsilon(1e-17, 4e-18), 0)
  })

  it("knows the limits", () => {
    assert.strictEqual(GaussianPrivacy.delta(0, 1), 0)
    assert.strictEqual(GaussianPrivacy.delta(200, 0), 1)
    assert.strictEqual(GaussianPrivacy.epsilon(0.01, 0.5), 0)
    assert.closeTo(GaussianPrivacy.compose([3, 4]), 5, 1e-14)
    assert.isAtLeast(GaussianPrivacy.compose([3, 4]), 5)
    assert.closeTo(GaussianPrivacy.compose([3e-200, 4e-200]) / 5e-200, 1, 1e-14)
    assert.strictEqual(GaussianPrivacy.compose([0, 0]), 0)
    assert.strictEqual(GaussianPrivacy.compose([]), 0)
  })

  it.each([
    { epsilon: 0, delta: 0.1 },
    { epsilon: -1, delta: 0.1 },
    { epsilon: Number.NaN, delta: 0.1 },
    { epsilon: 1e9, delta: 0.1 },
    { epsilon: 1, delta: 0 },
    { epsilon: 1, delta: 1 },
    { epsilon: 1, delta: Number.NaN },
  ])("refuses %o", (target) => {
    assert.throws(() => GaussianPrivacy.noiseMultiplier(target), InvalidInput)
  })

  it("refuses impossible mu and delta", () => {
    assert.throws(() => logDelta(-1, 1), InvalidInput, /mu/)
    assert.throws(() => logDelta(1, -1), InvalidInput, /epsilon/)
    assert.throws(() => GaussianPrivacy.epsilon(0, 0.1), InvalidInput, /mu/)
    assert.throws(() => GaussianPrivacy.epsilon(1, 0), InvalidInput, /delta/)
  })
})

describe("ClassicalGaussian", () => {
  it("is the textbook formula", () => {
    const variance = ClassicalGaussian.printedVariance({ epsilon: 0.5, delta: 1e-6 })
    assertClose(Math.sqrt(variance), 10.5976050537, 1e-11)
  })
})

describe("ZeroConcentrated", () => {
  it.each(conversions)("converts rho %d at epsilon %d", (rho, epsilon, cks, simple, exact) => {
    assertClose(Math.exp(ConcentratedTail.logDelta(rho, epsilon)), cks, 1e-11)
    assertClose(Math.exp(simpleLogDelta(rho, epsilon)), simple, 1e-3)
    assertClose(Math.exp(logDelta(Math.sqrt(2 * rho), epsilon)), exact, 1e-11)
  })

  it("inverts", () => {
    const epsilon = ZeroConcentrated.epsilon(0.1, 4.32521086909e-6)
    assert.closeTo(epsilon, 2, 1e-10)
    assert.closeTo(simpleEpsilon(0.1, Math.exp(-(1.9 ** 2) / 0.4)), 2, 1e-12)
  })

  it.each([
    [1e-12, 1e-5, -41.434749869838359],
    [1e-40, 1e-19, -73.670946171754746],
    [4510.5, 4511.6, -0.0045487052712398152],
    [1e6, 1.01e6, -25.031511096612637],
  ])("log delta of rho %d at epsilon %d is %d, rounded up", (rho, epsilon, log) => {
    const found = ConcentratedTail.logDelta(rho, epsilon)
    assert.closeTo(found / log, 1, 1e-10)
    assert.isAtLeast(found, log)
  })

  it("rounds what it adds up to the side of less privacy", () => {
    for (const [found, exact] of [
      [ZeroConcentrated.compose([0.5, 0.25]), 0.75],
      [rhoOfGaussian(2, 4), 0.125],
    ] as const) {
      assert.isAtLeast(found, exact)
      assert.closeTo(found, exact, 1e-15)
    }
  })
})
