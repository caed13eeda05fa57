/** The drift of label-noise SGD along the minima, to its factor. */
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../src/Activation.ts"
import { Geometry, Theory, type TwoLayer, twoLayer, warmStart } from "../src/index.ts"
import { takeStep } from "../src/LabelNoise.ts"
import { relabelled } from "../src/TwoLayer.ts"

interface Drift {
  readonly network: TwoLayer
  readonly theta: Float64Array
  readonly learningRate: number
  readonly noise: number
  readonly steps: number
  readonly pairs: number
}

/**
 * The mean displacement of the limit of gradient descent, over pairs of runs with opposite noise: what is odd in the noise
 * cancels, and the mean of few pairs is enough.
 */
const meanDrift = ({ learningRate, network, noise, pairs, steps, theta }: Drift): Float64Array => {
  const n = network.size
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  const epsilon = new Float64Array(n)
  const mean = new Float64Array(theta.length)
  for (let pair = 0; pair < pairs; pair++) {
    for (const sign of [1, -1]) {
      const stream = RandomStream.make(Seed.root("drift").child(pair))
      const moved = Float64Array.from(theta)
      for (let k = 0; k < steps; k++) {
        for (let i = 0; i < n; i++) epsilon[i] = sign * noise * stream.normal()
        takeStep(network, moved, all, epsilon, learningRate)
      }
      const arrived = warmStart(network, moved, { share: 0.5, tolerance: 1e-10 })
      Vector.axpy(1 / (2 * pairs), arrived, mean)
    }
  }
  Vector.axpy(-1, theta, mean)
  return mean
}

/** The drift over the one of a small learning rate, along the Riemannian gradient. */
const coefficient = (drift: Drift): number => {
  const { learningRate, network, noise, steps, theta } = drift
  const gradient = new Float64Array(theta.length)
  new Geometry(network).atParameters(theta).gradient(gradient)
  const { size } = network
  const setting = { convention: "half", learningRate, noise, batch: size, size } as const
  const time = steps * Theory.flowTimePerStep(setting)
  const along = Vector.dot(meanDrift(drift), gradient) / Vector.dot(gradient, gradient)
  return -along / time
}

describe("drift", () => {
  it("is eta^2 sigma^2 / 4 B n a step, on three orthogonal-ish data and two neurons", () => {
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
    const found = coefficient({
      network,
      theta,
      learningRate: 0.01,
      noise: 0.5,
      steps: 1500,
      pairs: 60,
    })
    assert.closeTo(found, 1, 0.05)
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
      const found = coefficient({
        network,
        theta,
        learningRate: product / lambda,
        noise: 0.05,
        steps: 400,
        pairs: 100,
      })
      assert.closeTo(found / Theory.finiteStepFactor(product), 1, 0.05)
    }
  })
})
