import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Sampler from "@nonconvex/problems/Sampler"
import { Geometry } from "../../geometry/Geometry.ts"
import { noisyDescent } from "../../descent/NoisyDescent.ts"
import { runTogether } from "../../descent/RunTogether.ts"
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

/** A run of a pair, with the sources of its data and its noise. */
const begin = (setting: DriftSetting, pair: number, sign: 1 | -1) => {
  const { batch, network, seed, theta } = setting
  const n = network.size
  const rule = batch < n ? "replacement" : "whole"
  return {
    sign,
    errors: RandomStream.make(seed.child("noise").child(pair)),
    sampler: Sampler.make(n, { rule, batch, seed: seed.child("indices").child(pair) }),
    descent: noisyDescent(network, theta, batch),
  }
}

/** Steps that are drawn and taken together. */
const together = 512

/** Takes `count` steps of every run; of one that leaves the finite numbers no more. */
const advance = (
  { batch, learningRate, network, noise }: DriftSetting,
  runs: ReadonlyArray<ReturnType<typeof begin>>,
  count: number,
): void => {
  const epsilon = runs.map(({ errors, sign }) => {
    const drawn = errors.normals(count * batch)
    for (let b = 0; b < drawn.length; b++) drawn[b]! *= sign * noise
    return drawn
  })
  const indices = runs.map(({ sampler }) => {
    const drawn = new Uint32Array(count * batch)
    for (let k = 0; k < count; k++) drawn.set(Sampler.next(sampler), k * batch)
    return drawn
  })
  const descents = runs.map(({ descent }) => descent)
  const given = batch === network.size ? undefined : indices
  if (runTogether(descents, epsilon, learningRate, given)) return
  for (const [r, { descent }] of runs.entries()) {
    for (let k = 0; k < count; k++) {
      const [from, to] = [k * batch, (k + 1) * batch]
      const here = epsilon[r]!.subarray(from, to)
      descent.step(indices[r]!.subarray(from, to), here, learningRate)
    }
  }
}

/**
 * The mean displacement along the minima of label-noise SGD, over pairs of runs with opposite noise: what is odd in the noise
 * cancels, so that few pairs are enough.
 */
export const meanDrift = (setting: DriftSetting): Float64Array => {
  const { network, pairs, steps, theta } = setting
  const runs = Array.from({ length: pairs }, (_, pair) =>
    ([1, -1] as const).map((sign) => begin(setting, pair, sign)),
  ).flat()
  for (let taken = 0; taken < steps; taken += together) {
    advance(setting, runs, Math.min(together, steps - taken))
  }
  const mean = new Float64Array(theta.length)
  for (const { descent } of runs) {
    // where gradient descent without noise leads from the end of the run
    const arrival = warmStart(network, descent.computeParameters(), {
      share: 0.5,
      tolerance: 1e-10,
    })
    Vector.axpy(1 / (2 * pairs), arrival, mean)
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
