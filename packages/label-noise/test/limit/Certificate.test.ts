/** Verdicts of a certificate, and each of its numbers. */
import { assert, describe, it } from "vitest"
import * as Activation from "../../src/network/Activation.ts"
import * as Theory from "../../src/theory/Theory.ts"
import { regimeAt } from "../../src/flow/Regime.ts"
import { certify, diagnose, flatLimit, outputs, twoLayer } from "../../src/index.ts"
import { relabelled } from "../../src/network/TwoLayer.ts"
import { crowded, fitted } from "../support/problems.ts"

const { network, theta } = fitted()
const crowd = crowded()

describe("certify", () => {
  it("tells far, convergent and flat apart along the way to the limit", () => {
    const limit = flatLimit(network, theta).theta
    const at = (share: number) =>
      certify(
        network,
        theta.map((value, k) => value + share * (limit[k]! - value)),
      )
    assert.strictEqual(at(0).verdict, "far")
    assert.strictEqual(at(0.99).verdict, "convergent")
    assert.strictEqual(at(1).verdict, "flat")
    assert.isAbove(at(0).remainingTime, at(0.99).remainingTime)
    assert.strictEqual(at(1).remainingTime, 0)
  })

  it.each([1, 1e3, 1e-7])("knows dependent data from independent ones in units of %d", (unit) => {
    const scaled = (features: ReadonlyArray<number>, dimension: number) =>
      twoLayer({
        activation: Activation.cubic(1),
        features: Float64Array.from(features, (x) => x * unit),
        dimension,
        labels: new Float64Array(features.length / dimension),
        neurons: 2,
      })
    for (let seed = 1; seed <= 10; seed++) {
      const rows = [1, 2, 3, 4].map((k) => Math.sin(seed * k))
      const [a, b] = [
        [...rows.slice(0, 2), 0.3],
        [...rows.slice(2), -0.7],
      ]
      const dependent = scaled([...a, ...b, ...a.map((x, j) => x + b[j]!)], 3)
      const z = Float64Array.from({ length: 6 }, (_, k) => (0.1 * Math.cos(seed * k)) / unit)
      const { because, verdict } = certify({ ...dependent, labels: outputs(dependent, z) }, z)
      assert.deepStrictEqual([verdict, because], ["outside", "the data are linearly dependent"])
      assert.isTrue(regimeAt(dependent, z).isDependent)
    }
    const orthonormal = scaled([1, 0, 0, 1], 2)
    const z = Float64Array.of(0.1 / unit, 0.2 / unit, 0.2 / unit, 0.1 / unit)
    const relabelledPair = { ...orthonormal, labels: outputs(orthonormal, z) }
    assert.isFalse(regimeAt(relabelledPair, z).isDependent)
    assert.notStrictEqual(certify(relabelledPair, z).because, "the data are linearly dependent")
  })

  it("says what it is outside of", () => {
    const outside = certify(crowd.network, crowd.theta)
    assert.strictEqual(outside.verdict, "outside")
    assert.strictEqual(outside.because, "the data are linearly dependent")
    assert.strictEqual(outside.remainingTime, Number.POSITIVE_INFINITY)
    const linear = certify({ ...network, activation: Activation.identity }, theta)
    assert.strictEqual(linear.because, "z: the third derivative is not bounded away from 0")
    const { first, name, second, third, value } = Activation.cubic(1)
    const unknown = { first, name, second, third, value }
    assert.strictEqual(certify({ ...network, activation: unknown }, theta).verdict, "far")
    const far = certify(
      { ...network, activation: unknown },
      theta.map((weight) => 100 * weight),
    )
    assert.match(
      far.because,
      /^a pre-activation of .* is beyond 10, up to which the constants are known$/,
    )
  })
})

describe("the numbers of a certificate", () => {
  it("has the time of the theory, with the excess in units of the sharpness", () => {
    const { excess, gradientNorm, leastSharpness, sharpness } = diagnose(network, theta)
    assert.closeTo(excess * leastSharpness, sharpness - leastSharpness, 1e-12 * sharpness)
    const { coherence, deviationBound, remainingTime } = certify(network, theta, {
      distance: 1e-3,
    })
    const constants = Activation.assess(network.activation)
    const leastWeight = Math.min(...network.weights)
    const expected = Theory.remainingTime(
      {
        ...constants,
        excess: sharpness - leastSharpness,
        gradientNorm,
        mu: coherence,
        leastWeight,
      },
      1e-3,
    )
    assert.closeTo(remainingTime / expected, 1, 1e-9)
    const { rho1, rho2 } = constants
    const bound = Theory.deviationBound(gradientNorm, rho1, rho2, coherence, leastWeight)
    assert.closeTo(deviationBound / bound, 1, 1e-12)
  })

  it("takes the norm of the shortest datum, and is convergent just below the threshold", () => {
    const features = network.features.map((value, k) => (k < 3 ? 0.5 : 1) * value)
    const short = relabelled(twoLayer({ ...network, features }), theta)
    const limit = flatLimit(short, theta).theta
    const at = (share: number) => theta.map((value, k) => value + share * (limit[k]! - value))
    // on the way to the limit the margin passes 1
    let [low, high] = [0, 1]
    while (high - low > 1e-6) {
      const middle = (low + high) / 2
      const { verdict } = certify(short, at(middle))
      if (verdict === "far") low = middle
      else high = middle
    }
    for (const [share, verdict] of [
      [low, "far"],
      [high, "convergent"],
    ] as const) {
      const found = certify(short, at(share))
      assert.strictEqual(found.verdict, verdict)
      const threshold = Theory.convexityThreshold(found.coherence, 16 / 3, 0.25)
      assert.closeTo(found.gradientNorm / threshold, 1, 1e-3)
      const bound = Theory.deviationBound(found.gradientNorm, 1, 6, found.coherence, 0.25)
      assert.closeTo(found.deviationBound / bound, 1, 1e-12)
    }
  })
})
