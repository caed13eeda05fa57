/** Bad input and numerical failure give different errors, each with a message of one line. */
import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../src/network/Activation.ts"
import { residual } from "../src/network/TwoLayer.ts"
import { flatLimit, labelNoiseSgd, runLabelNoise, twoLayer } from "../src/index.ts"
import { thrown } from "./support/thrown.ts"
import { DivergedInTransient } from "../src/descent/DivergedInTransient.ts"
import { flowOfParameters, flowOfPreactivations } from "../src/flow/SharpnessFlow.ts"
import { NotIncreasing, NotInterpolating, SingularGram } from "../src/network/Failures.ts"
import { retract } from "../src/geometry/Retraction.ts"
import { stabilityLimit } from "../src/descent/LabelNoiseSgd.ts"

const network = twoLayer({
  activation: Activation.cubic(1),
  features: Float64Array.of(1, 0, 0, 1),
  dimension: 2,
  labels: Float64Array.of(2, -1),
  neurons: 2,
})
const start = Float64Array.of(0.5, 0.1, -0.2, 0.3)

describe("bad input", () => {
  it("a label that is not a number", () => {
    const labels = Float64Array.of(2, Number.NaN)
    const failure = thrown(InvalidInput, () => twoLayer({ ...network, labels }))
    assert.strictEqual(
      failure.message,
      "twoLayer: every element of labels must be finite (got index = 1, labels[1] = NaN)",
    )
  })

  it("a start that does not fit the labels", () => {
    const failure = thrown(NotInterpolating, () => flowOfParameters(network, start))
    assert.closeTo(failure.residual, residual(network, start), 1e-15)
    assert.match(
      failure.message,
      /^the network misses a label by .*; fit it first \(warmStart\), or use fewer data points$/,
    )
    thrown(NotInterpolating, () => flowOfPreactivations(network, start))
  })

  it("more data than dimensions", () => {
    const features = Float64Array.of(1, 0, 0, 1, 0.6, 0.8)
    const wide = twoLayer({ ...network, features, labels: Float64Array.of(2, -1, 1) })
    const failure = thrown(SingularGram, () => flatLimit(wide, start))
    assert.deepInclude(failure, { size: 3, dimension: 2 })
    assert.closeTo(failure.smallestEigenvalue, 0, 1e-15)
  })

  it("an activation that does not reach the labels", () => {
    const sech = (z: number) => 1 - Math.tanh(z) ** 2
    const activation = {
      name: "tanh z",
      value: Math.tanh,
      first: sech,
      second: (z: number) => -2 * Math.tanh(z) * sech(z),
      third: (z: number) => sech(z) * (6 * Math.tanh(z) ** 2 - 2),
    }
    const bounded = twoLayer({ ...network, activation, labels: Float64Array.of(3, 0) })
    const failure = thrown(NotIncreasing, () => flatLimit(bounded, start))
    assert.strictEqual(failure.activation, "tanh z")
    assert.match(failure.message, /has slope .* the flat limit needs an increasing activation/)
    const assessment = Activation.assess(activation)
    assert.isFalse(assessment.applies)
  })

  it("a learning rate past the limit, in the transient", () => {
    const options = { learningRate: 5, noise: 0.1, seed: Seed.root(1), steps: 1000 }
    const failure = thrown(DivergedInTransient, () => runLabelNoise(network, start, options))
    const limit = stabilityLimit(network, start, { convention: "half", sampling: "full" })
    assert.strictEqual(failure.stabilityLimit, limit)
    assert.strictEqual(failure.learningRate, 5)
    assert.isBelow(failure.step, 1000)
  })

  it("options out of range", () => {
    const options = { learningRate: 0.1, noise: 0.1, seed: Seed.root(1) }
    const run = (changed: object) => () =>
      labelNoiseSgd({ ...options, ...changed }).init(network, start)
    for (const changed of [
      { learningRate: -1 },
      { noise: Number.NaN },
      { batch: 3, sampling: "epoch" },
      { batch: 1 },
    ]) {
      assert.strictEqual(thrown(InvalidInput, run(changed)).operation, "labelNoiseSgd")
    }
  })

  it("a direction too long for the retraction", () => {
    const failure = thrown(InvalidInput, () =>
      retract(network, start, Float64Array.of(1e200, 0, 0, 1e200)),
    )
    assert.strictEqual(failure.operation, "retract")
  })
})
