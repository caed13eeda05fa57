import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Streams from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { DivergedInTransient } from "./DivergedInTransient.ts"
import { Geometry } from "../geometry/Geometry.ts"
import { type Form, noisyDescent, type NoisyDescent } from "./NoisyDescent.ts"
import * as Theory from "../theory/Theory.ts"
import type { TwoLayer } from "../network/TwoLayer.ts"

/** How the data of a step are chosen: all, each at random with replacement, or the next ones of a shuffled pass. */
export type Sampling = "full" | "replacement" | "epoch"

export interface LabelNoiseSgdOptions {
  /** eta, of the loss that `convention` names. */
  readonly learningRate: number
  /** The standard deviation of the label noise; 0 is plain (stochastic) gradient descent. */
  readonly noise: number
  /** Which loss; default "half". */
  readonly convention?: Theory.Convention
  /** Default "full". */
  readonly sampling?: Sampling
  /** Data a step, from 1 to n, and n for full sampling; default n. */
  readonly batch?: number
  /** "rademacher" is plus or minus the standard deviation; default "gaussian". */
  readonly distribution?: "gaussian" | "rademacher"
  /** Both take the same path to rounding; default the one that costs less. */
  readonly form?: Form
  /** Two streams, of indices and of noise, are drawn from it. */
  readonly seed: Seed.Seed
}

/** A run of label-noise SGD. */
export interface LabelNoiseSgdState {
  readonly options: Required<Omit<LabelNoiseSgdOptions, "seed">>
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

/**
 * Label-noise SGD from `theta`, m x d, which is copied: a step is gradient descent on a batch whose labels are off by fresh noise.
 *
 * Throws InvalidInput on options out of range and on a `theta` of another length. Label noise of the paper (Gatmiry, Li, Reddi,
 * Jegelka 2024, as recalled).
 */
export const labelNoise = (
  network: TwoLayer,
  theta: Float64Array,
  options: LabelNoiseSgdOptions,
): LabelNoiseSgdState => {
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

const chooseIndices = (state: LabelNoiseSgdState): void => {
  const { indexStream, indices, options, order } = state
  if (options.sampling === "full") return
  for (let b = 0; b < indices.length; b++) {
    if (options.sampling === "replacement") {
      indices[b] = indexStream.integer(order.length)
      continue
    }
    if (state.place === order.length) {
      indexStream.shuffle(order)
      state.place = 0
    }
    indices[b] = order[state.place]!
    state.place++
  }
}

/** The parameters of a run, m x d: see `NoisyDescent.computeParameters` for what a call costs and how long the view is valid. */
export const parametersOf = ({ descent }: LabelNoiseSgdState): Float64Array =>
  descent.computeParameters()

/** Takes one step; after one that is not finite the status is "diverged" and the parameters stay. Allocates nothing. */
export const stepLabelNoise = (state: LabelNoiseSgdState): void => {
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
 * The largest learning rate at which networks near `theta`, m x d, are stable: with all data a step `2 / lambda_max(H)`, with fewer
 * the stricter limit of one datum a step. Derived here.
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

/**
 * Takes `steps` steps of label-noise SGD from `theta`, m x d; the parameters after them, a fresh array.
 *
 * Throws DivergedInTransient when a residual leaves the finite numbers, and as `labelNoise`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, diagnose, outputs, runLabelNoise, twoLayer } from "@nonconvex/label-noise"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const theta = Float64Array.of(1, 0, 0, 1)
 * const blank = twoLayer({
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(1, 0, 0, 1),
 *   dimension: 2,
 *   labels: new Float64Array(2),
 *   neurons: 2,
 * })
 * const network = { ...blank, labels: outputs(blank, theta) }
 * const end = runLabelNoise(network, theta, {
 *   learningRate: 0.05,
 *   noise: 0.2,
 *   steps: 20_000,
 *   seed: Seed.root(1),
 * })
 * diagnose(network, theta).spread // => 0.5
 * diagnose(network, end).spread < 0.05 // => true
 * ```
 */
export const runLabelNoise = (
  network: TwoLayer,
  theta: Float64Array,
  options: LabelNoiseSgdOptions & { readonly steps: number },
): Float64Array => {
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
  return Float64Array.from(parametersOf(state))
}
