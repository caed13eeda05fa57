import { type RandomStream, RandomStream as Streams, type Seed } from "@nonconvex/numerics"
import { DivergedInTransient } from "./Failures.ts"
import { Geometry } from "./Geometry.ts"
import { requireCount, requireNonNegative, requireVector } from "./Input.ts"
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
  /** "full" unless told; the other two need `batch`. */
  readonly sampling?: Sampling
  /** Data a step, from 1 to n; n for full sampling. */
  readonly batch?: number
  /** "gaussian" unless told; "rademacher" is plus or minus the standard deviation. */
  readonly distribution?: "gaussian" | "rademacher"
  /** Two streams, of indices and of noise, are drawn from it. */
  readonly seed: Seed.Seed
}

/** A run of label-noise SGD; `theta` is live. */
export interface LabelNoiseState {
  readonly network: TwoLayer
  /** m x d. */
  readonly theta: Float64Array
  readonly options: Required<Omit<LabelNoiseOptions, "seed">>
  steps: number
  status: "running" | "diverged"
  /** The data of the last step and the noise on their labels. */
  readonly indices: Uint32Array
  readonly epsilon: Float64Array
  readonly indexStream: RandomStream.RandomStream
  readonly noiseStream: RandomStream.RandomStream
  readonly scratch: StepScratch
  readonly order: Uint32Array
  place: number
}

/** Buffers of a step. */
export interface StepScratch {
  /** B x m: slopes of the activation. */
  readonly slopes: Float64Array
  /** B: residuals. */
  readonly residuals: Float64Array
}

const scratchFor = (network: TwoLayer, batch: number): StepScratch => ({
  slopes: new Float64Array(batch * network.neurons),
  residuals: new Float64Array(batch),
})

/**
 * One step of gradient descent on the data `indices` with noise `epsilon` on their labels, in place; the noisy residuals stay in
 * `scratch`. Returns false, and leaves `theta`, where a residual is not finite.
 */
export const takeStep = (
  network: TwoLayer,
  theta: Float64Array,
  indices: Uint32Array,
  epsilon: Float64Array,
  rate: number,
  scratch: StepScratch = scratchFor(network, indices.length),
): boolean => {
  const { dimension: d, features, labels, neurons: m } = network
  const { first, value } = network.activation
  const { residuals, slopes } = scratch
  const batch = indices.length
  for (let b = 0; b < batch; b++) {
    const from = indices[b]! * d
    const to = from + d
    let f = 0
    let at = 0
    for (let j = 0; j < m; j++) {
      let z = 0
      for (let a = from; a < to; a++) z += features[a]! * theta[at++]!
      f += value(z)
      slopes[b * m + j] = first(z)
    }
    const r = f - labels[indices[b]!]! - epsilon[b]!
    if (r - r !== 0) return false
    residuals[b] = r
  }
  for (let b = 0; b < batch; b++) {
    const from = indices[b]! * d
    const to = from + d
    const scale = (rate / batch) * residuals[b]!
    let at = 0
    for (let j = 0; j < m; j++) {
      const weight = scale * slopes[b * m + j]!
      for (let a = from; a < to; a++) theta[at++]! -= weight * features[a]!
    }
  }
  return true
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
  requireVector("labelNoise", "theta", theta, network.neurons * network.dimension)
  requireNonNegative("labelNoise", "learningRate", learningRate)
  requireNonNegative("labelNoise", "noise", noise)
  requireCount("labelNoise", "batch", batch, sampling === "full" ? size : 1, size)
  return {
    network,
    theta: Float64Array.from(theta),
    options: { learningRate, noise, convention, sampling, batch, distribution },
    steps: 0,
    status: "running",
    indices: Uint32Array.from({ length: batch }, (_, b) => b),
    epsilon: new Float64Array(batch),
    indexStream: Streams.make(seed.child("indices")),
    noiseStream: Streams.make(seed.child("noise")),
    scratch: scratchFor(network, batch),
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
  const { indices, network, scratch, theta } = state
  if (takeStep(network, theta, indices, epsilon, rate, scratch)) state.steps++
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
  requireCount("runLabelNoise", "steps", options.steps, 0)
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
