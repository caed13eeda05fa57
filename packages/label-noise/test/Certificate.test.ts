import { InvalidInput, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../src/Activation.ts"
import { selfTaught, teacherProblem } from "../src/experiments/TeacherProblem.ts"
import {
  certify,
  detectRegime,
  diagnose,
  flatLimit,
  NotIncreasing,
  NotInterpolating,
  plan,
  projectedFeatures,
  regimeAt,
  SingularGram,
  Theory,
  twoLayer,
} from "../src/index.ts"
import { outputs } from "../src/TwoLayer.ts"

const { network, theta } = teacherProblem(Seed.root(5), [0.32, 1.08, 1.6], 6)
const crowd = selfTaught(Seed.root(4), { size: 5, dimension: 3, neurons: 8 })

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
    const fitted = { ...orthonormal, labels: outputs(orthonormal, z) }
    assert.isFalse(regimeAt(fitted, z).isDependent)
    assert.notStrictEqual(certify(fitted, z).because, "the data are linearly dependent")
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
    assert.match(far.because, /^a pre-activation of .*, beyond the 10 where constants are known$/)
  })
})

describe("projectedFeatures", () => {
  it("has rank one at the limit, where the weights need not", () => {
    const features = Float64Array.of(0.6, 0.8, 0, 0, 0.6, 0.8)
    const wide = twoLayer({ ...network, features, dimension: 3, labels: Float64Array.of(1, 2) })
    const limit = flatLimit(wide, theta).theta
    const { projectedSingularValues, singularValues } = diagnose(wide, limit)
    assert.isAbove(singularValues[1]!, 0.1)
    assert.isAtMost(projectedSingularValues[1]!, 1e-12)
    const projected = projectedFeatures(wide, limit)
    assert.isAtMost(Vector.distance(projectedFeatures(wide, projected), projected), 1e-13)
  })
})

describe("plan", () => {
  it("keeps to the stability limit and to the steps that it is given", () => {
    for (const chosen of plan(network, theta, { steps: 5000 })) {
      assert.strictEqual(chosen.steps, 5000)
      assert.strictEqual(chosen.visits, 5000 * chosen.batch)
      assert.strictEqual(chosen.etaLambda, 0.8)
      const step = { ...chosen, convention: "half", size: network.size } as const
      const needed = Theory.stepsFor(chosen.flowTime, step) / chosen.finiteStepFactor
      assert.closeTo(needed / 5000, 1, 1e-12)
    }
  })

  it("warns of a learning rate past the theorem, and of noise that is too loud", () => {
    const [bold] = plan(network, theta, { stability: 0.7 })
    assert.match(bold.warnings.join(), /^eta lambda is 1.4, above 1: on correlated data/)
    const [hasty] = plan(network, theta, { steps: 10 })
    assert.match(hasty.warnings.join(), /^the noise changes slopes by a share of .*more steps$/)
    assert.deepStrictEqual(plan(network, theta)[0].warnings, [])
  })

  it("refuses what cannot be planned", () => {
    assert.throws(() => plan(network, theta, { share: 1 }), InvalidInput, /between 0 and 1/)
    assert.throws(() => plan(network, theta, { stability: Number.NaN }), InvalidInput)
    assert.throws(() => plan(crowd.network, crowd.theta), SingularGram)
    const other = theta.map((value) => 2 * value)
    assert.throws(() => plan(network, other), NotInterpolating)
  })
})

describe("detectRegime", () => {
  it("finds one feature where the data are independent", () => {
    const { clusters, gap, isDependent, isStationary, regime } = detectRegime(network, theta)
    assert.strictEqual(regime, "one feature")
    assert.deepStrictEqual(clusters[0]!.neurons, [0, 1, 2, 3, 4, 5])
    assert.strictEqual(gap, Number.POSITIVE_INFINITY)
    assert.isFalse(isDependent)
    assert.isTrue(isStationary)
  })

  it("finds clusters, each with a certificate, where there are more data than dimensions", () => {
    const found = detectRegime(crowd.network, crowd.theta)
    assert.strictEqual(found.regime, "clusters")
    assert.isTrue(found.isDependent)
    assert.isTrue(found.isStationary)
    assert.isAtLeast(found.clusters.length, found.leastClusters)
    const sizes = found.clusters.map(({ neurons }) => neurons.length)
    assert.strictEqual(
      sizes.reduce((sum, size) => sum + size, 0),
      8,
    )
    for (const { diameter, gradientNorm, neurons, stability } of found.clusters) {
      assert.isBelow(diameter, found.gap)
      assert.isAtMost(gradientNorm, 1e-3)
      if (neurons.length > 1) assert.isAbove(stability, 0)
    }
  })

  it("sees where a cluster would split: the curvature between its neurons is negative", () => {
    const line = twoLayer({
      activation: Activation.cubic(1),
      features: Float64Array.of(1),
      dimension: 1,
      labels: new Float64Array(1),
      neurons: 3,
    })
    // phi'' = 6 z: with alpha near 24, that of the large neuron, 2 (q^2 + p t) - alpha q is about 39 - 72
    const { clusters, regime } = regimeAt(line, Float64Array.of(0.5, 0.5, 2))
    assert.strictEqual(regime, "clusters")
    assert.deepStrictEqual(
      clusters.map(({ neurons }) => neurons),
      [[0, 1], [2]],
    )
    assert.closeTo(clusters[0]!.stability, -30, 5)
  })

  it("says that neurons are apart before", () => {
    assert.strictEqual(regimeAt(crowd.network, crowd.theta).regime, "apart")
  })
})

describe("an activation that does not increase", () => {
  it("is no reason to solve for its inverse", () => {
    const falling = { ...network, activation: Activation.cubic(-1), labels: new Float64Array(3) }
    assert.throws(() => flatLimit(falling, theta), NotIncreasing)
    assert.isFalse(Activation.assess(Activation.cubic(-1)).applies)
  })
})
