import { assert, describe, it } from "vitest"
import { regimeAt, detectRegime } from "../../src/flow/Regime.ts"
import { Activation, twoLayer } from "../../src/index.ts"
import { crowded, fitted } from "../support/problems.ts"

const { network, theta } = fitted()
const crowd = crowded()

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
