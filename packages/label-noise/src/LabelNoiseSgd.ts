import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Streams from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { DivergedInTransient } from "./Failures.ts"
import { Geometry } from "./Geometry.ts"
import { type Form, noisyDescent, type NoisyDescent } from "./NoisyDescent.ts"
import * as Theory from "./Theory.ts"
import type { TwoLayer } from "./TwoLayer.ts"

/** How the data of a step are chosen: all, each at random with replacement, or the next of a shuffled pass. */
export type Sampling = "full" | "replacement" | "epoch"

export interface LabelNoiseOptions {
  readonly learningRate: number
  /** The standard deviation of the label noise; 0 is plain (stochastic) gradient descent. */
  readonly noise: number
  /** Which loss: "half" unless told. */
  readonly convention?: Theory.Convention
  /** "full" unless told. */
  readonly sampling?: Sampling
  /** Data a step, from 1 to n; n unless told, and for full sampling. */
  readonly batch?: number
  /** "gaussian" unless told; "rademacher" is plus or minus the standard deviation. */
  readonly distribution?: "gaussian" | "rademacher"
  /** The cheaper one unless told; both take the same path to rounding. */
  readonly form?: Form
  /** Two streams, of indices and of noise, are drawn from it. */
  readonly seed: Seed.Seed
}

/** A run of label-noise SGD. */
export interface LabelNoiseState {
  readonly network: TwoLayer
  /** m x d, where the run is. A view that the next step or the next look overwrites: copy what you keep. */
  readonly theta: Float64Array
  readonly options: Required<Omit<LabelNoiseOptions, "seed">>
  steps: number
  status: "running" | "diverged"
  /** The data of the last step and the noise on their labels. */
  readonly indices: Uint32Array
  readonly epsilon: Float64Array
  readonly indexStream: RandomStream.RandomStream
  readonly noiseStream: RandomStream.RandomStream
  readonly descent: NoisyDescent
  readonly order: Uint32Array
  place: number
}

/** A run from `theta`, which is copied. Throws InvalidInput on bad options. */
export const labelNoise = (
  network: TwoLayer,
  theta: Float64Array,
  options: LabelNoiseOptions,
): LabelNoiseState => {
  const { learningRate, noise, seed } = options
  const { convention = "half", distribution = "gaussian", sampling = "full" } = options
  const { size } = network
  const batch = options.batch ?? size
  Require.vector("labelNoise", "theta", theta, network.neurons * network.dimension)
  Require.nonNegative("labelNoise", "learningRate", learningRate)
  Require.nonNegative("labelNoise", "noise", noise)
  Require.count("labelNoise", "batch", batch, sampling === "full" ? size : 1, size)
  const descent = noisyDescent(network, theta, batch, options.form)
  const { form } = descent
  return {
    network,
    get theta() {
      return descent.theta
    },
    options: { learningRate, noise, convention, sampling, batch, distribution, form },
    steps: 0,
    status: "running",
    indices: Uint32Array.from({ length: batch }, (_, b) => b),
    epsilon: new Float64Array(batch),
    indexStream: Streams.make(seed.child("indices")),
    noiseStream: Streams.make(seed.child("noise")),
    descent,
    order: Uint32Array.from({ length: size }, (_, i) => i),
    place: size,
  }
}

const chooseIndices = (state: LabelNoiseState): void => {
  const { indexStream, indices, network, options, order } = state
  if (options.sampling === "full") return
  for (let b = 0; b < indices.length; b++) {
    if (options.sampling === "replacement") {
      indices[b] = indexStream.integer(network.size)
      continue
    }
    if (state.place === network.size) {
      indexStream.shuffle(order)
      state.place = 0
    }
    indices[b] = order[state.place]!
    state.place++
  }
}

/** Takes one step; after one that is not finite the status is "diverged" and the parameters stay. */
export const stepLabelNoise = (state: LabelNoiseState): void => {
  if (state.status === "diverged") return
  const { epsilon, noiseStream, options } = state
  chooseIndices(state)
  if (options.distribution === "gaussian") noiseStream.fillNormal(epsilon)
  else noiseStream.fillRademacher(epsilon)
  for (let b = 0; b < epsilon.length; b++) epsilon[b]! *= options.noise
  const rate = Theory.gradientFactor(options.convention) * options.learningRate
  if (state.descent.step(state.indices, epsilon, rate)) state.steps++
  else state.status = "diverged"
}

/**
 * The largest learning rate at which the networks near `theta` are stable: with all data a step `2 / lambda_max(H)`, with fewer
 * the stricter limit of one datum a step.
 */
export const stabilityLimit = (
  network: TwoLayer,
  theta: Float64Array,
  { convention, sampling }: { convention: Theory.Convention; sampling: Sampling },
): number => {
  const geometry = new Geometry(network).atParameters(theta)
  const n = network.size
  if (sampling === "full") {
    return Theory.fullBatchLimit(convention, geometry.tangentEigenvalues()[n - 1]!, n)
  }
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, geometry.tangentGram[i * n + i]!)
  return Theory.singleDatumLimit(convention, largest)
}

/** Takes `steps` steps from `theta`; the state after them. Throws DivergedInTransient and InvalidInput. */
export const runLabelNoise = (
  network: TwoLayer,
  theta: Float64Array,
  options: LabelNoiseOptions & { readonly steps: number },
): LabelNoiseState => {
  Require.count("runLabelNoise", "steps", options.steps, 0)
  const state = labelNoise(network, theta, options)
  for (let k = 0; k < options.steps; k++) {
    stepLabelNoise(state)
    if (state.status === "diverged") {
      throw new DivergedInTransient({
        step: state.steps,
        learningRate: options.learningRate,
        stabilityLimit: stabilityLimit(network, theta, state.options),
      })
    }
  }
  return state
}
