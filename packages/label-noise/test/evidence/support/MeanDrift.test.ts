/** The drift of label-noise SGD along the minima, including its factor. */
import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../../../src/network/Activation.ts"
import { driftFactor } from "../../../src/evidence/support/MeanDrift.ts"
import * as Theory from "../../../src/theory/Theory.ts"
import { twoLayer } from "../../../src/index.ts"
import { relabelled } from "../../../src/network/TwoLayer.ts"
import { Geometry } from "../../../src/geometry/Geometry.ts"

const seed = Seed.root("drift")

describe("drift", () => {
  it("is eta^2 sigma^2 / 4 B n a step, on three data and two neurons", () => {
    const theta = Float64Array.of(0.5, -0.25, 0.75, -0.5, 1, 0.25)
    const network = relabelled(
      twoLayer({
        activation: Activation.cubic(1),
        features: Float64Array.of(0.6, 0.8, 0, 0, 0.6, 0.8, 0.8, 0, 0.6),
        dimension: 3,
        labels: new Float64Array(3),
        neurons: 2,
      }),
      theta,
    )
    const factor = driftFactor({
      network,
      theta,
      learningRate: 0.01,
      noise: 0.5,
      batch: 3,
      steps: 1500,
      pairs: 60,
      seed,
    })
    assert.closeTo(factor, 1, 0.05)
  })

  it("is 1 / (1 - eta lambda / 2) times that where eta lambda is not small", () => {
    const theta = Float64Array.of(0.9, 0.3)
    const network = relabelled(
      twoLayer({
        activation: Activation.cubic(1),
        features: Float64Array.of(1),
        dimension: 1,
        labels: new Float64Array(1),
        neurons: 2,
      }),
      theta,
    )
    const lambda = new Geometry(network).atParameters(theta).sharpness
    for (const product of [0.5, 1]) {
      const factor = driftFactor({
        network,
        theta,
        learningRate: product / lambda,
        noise: 0.05,
        batch: 1,
        steps: 400,
        pairs: 100,
        seed,
      })
      assert.closeTo(factor / Theory.finiteStepFactor(product), 1, 0.05)
    }
  })
})
