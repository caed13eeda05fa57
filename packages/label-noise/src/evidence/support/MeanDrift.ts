import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Sampler from "@nonconvex/problems/Sampler"
import { Geometry } from "../../geometry/Geometry.ts"
import { noisyDescent } from "../../descent/NoisyDescent.ts"
import * as Theory from "../../theory/Theory.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { warmStart } from "../../descent/WarmStart.ts"

export interface DriftSetting {
  readonly network: TwoLayer
  /** A point that fits the labels. */
  readonly theta: Float64Array
  /** Of the loss that is half the mean of squares. */
  readonly learningRate: number
  readonly noise: number
  /** 1 to n data a step, chosen with replacement where it is less than n. */
  readonly batch: number
  readonly steps: number
  readonly pairs: number
  readonly seed: Seed.Seed
}

/** Where gradient descent without noise leads from the end of one run. */
const arrival = (setting: DriftSetting, pair: number, sign: 1 | -1): Float64Array => {
  const { batch, learningRate, network, noise, seed, steps } = setting
  const n = network.size
  const errors = RandomStream.make(seed.child("noise").child(pair))
  const rule = batch < n ? "replacement" : "whole"
  const sampler = Sampler.make(n, { rule, batch, seed: seed.child("indices").child(pair) })
  const epsilon = new Float64Array(batch)
  const descent = noisyDescent(network, setting.theta, batch)
  for (let k = 0; k < steps; k++) {
    errors.fillNormal(epsilon)
    for (let b = 0; b < batch; b++) epsilon[b]! *= sign * noise
    descent.step(Sampler.next(sampler), epsilon, learningRate)
  }
  return warmStart(network, descent.computeParameters(), { share: 0.5, tolerance: 1e-10 })
}

/**
 * The mean displacement along the minima of label-noise SGD, over pairs of runs with opposite noise: what is odd in the noise
 * cancels, so that few pairs are enough.
 */
export const meanDrift = (setting: DriftSetting): Float64Array => {
  const { pairs, theta } = setting
  const mean = new Float64Array(theta.length)
  for (let pair = 0; pair < pairs; pair++) {
    for (const sign of [1, -1] as const) {
      Vector.axpy(1 / (2 * pairs), arrival(setting, pair, sign), mean)
    }
  }
  Vector.axpy(-1, theta, mean)
  return mean
}

/** The drift along the negative Riemannian gradient, over the one of a small learning rate. */
export const driftFactor = (setting: DriftSetting): number => {
  const { batch, learningRate, network, noise, steps, theta } = setting
  const gradient = new Geometry(network).atParameters(theta).gradient()
  const step = { convention: "half", learningRate, noise, batch, size: network.size } as const
  const along = Vector.dot(meanDrift(setting), gradient) / Vector.dot(gradient, gradient)
  return -along / (steps * Theory.flowTimePerStep(step))
}
