import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { advance } from "@nonconvex/problems/Advance"
import { Geometry } from "../../geometry/Geometry.ts"
import { labelNoiseSgd } from "../../descent/LabelNoiseSgd.ts"
import * as Theory from "../../theory/Theory.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { warmStart } from "../../descent/WarmStart.ts"

interface DriftSetting {
  readonly network: TwoLayer
  /** A point that fits the labels. */
  readonly theta: Float64Array
  /** Learning rate for half the mean square as loss. */
  readonly learningRate: number
  readonly noise: number
  /** Batch size from 1 to n; batches smaller than n are drawn with replacement. */
  readonly batch: number
  readonly steps: number
  readonly pairs: number
  readonly seed: Seed.Seed
}

/** End of one run of a pair. */
const endOf = (
  { batch, learningRate, network, noise, seed, steps, theta }: DriftSetting,
  pair: number,
  antithetic: boolean,
): Float64Array => {
  const method = labelNoiseSgd({
    learningRate,
    noise,
    antithetic,
    batch,
    sampling: batch < network.size ? "replacement" : "full",
    seed: {
      indices: seed.child("indices").child(pair),
      noise: seed.child("noise").child(pair),
    },
  })
  const state = method.init(network, theta)
  advance(method, [state], steps, { kernels: network.kernels })
  return state.point
}

/**
 * Mean displacement of label-noise SGD along the minima, over pairs of runs with opposite noise. Terms odd in the noise cancel,
 * so few pairs suffice.
 */
const meanDrift = (setting: DriftSetting): Float64Array => {
  const { network, pairs, theta } = setting
  const ends = Array.from({ length: pairs }, (_, pair) =>
    [false, true].map((antithetic) => endOf(setting, pair, antithetic)),
  ).flat()
  const mean = new Float64Array(theta.length)
  for (const end of ends) {
    // where gradient descent without noise leads from the end of the run
    const arrival = warmStart(network, end, { share: 0.5, tolerance: 1e-10 })
    Vector.axpy(1 / (2 * pairs), arrival, mean)
  }
  Vector.axpy(-1, theta, mean)
  return mean
}

/** The drift along the negative Riemannian gradient, relative to the prediction for a small learning rate. */
export const driftFactor = (setting: DriftSetting): number => {
  const { batch, learningRate, network, noise, steps, theta } = setting
  const gradient = new Geometry(network).atParameters(theta).gradient()
  const step = { convention: "half", learningRate, noise, batch, size: network.size } as const
  const along = Vector.dot(meanDrift(setting), gradient) / Vector.dot(gradient, gradient)
  return -along / (steps * Theory.flowTimePerStep(step))
}
