import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Sampler from "@nonconvex/problems/Sampler"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { Geometry } from "../geometry/Geometry.ts"
import type { TwoLayer } from "../network/TwoLayer.ts"
import * as Theory from "../theory/Theory.ts"
import { DivergedInTransient } from "./DivergedInTransient.ts"
import { type Form, noisyDescent, type NoisyDescent } from "./NoisyDescent.ts"

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

/** A run of label-noise SGD: data that a snapshot holds, and the descent that steps through it. */
export interface LabelNoiseSgdState {
  readonly options: Required<Omit<LabelNoiseSgdOptions, "seed">>
  steps: number
  status: "running" | "diverged"
  /** The data of the last step are its `indices`. */
  readonly sampler: Sampler.Sampler
  readonly noise: RandomStream.RandomStream
  /** The noise on the labels of the last step, as long as its batch. */
  readonly epsilon: Float64Array
  readonly position: NoisyDescent["position"]
  readonly descent: NoisyDescent
}

const rules = { full: "whole", replacement: "replacement", epoch: "passes" } as const

/**
 * Label-noise SGD from `theta`, m x d, which is copied: a step is gradient descent on a batch whose labels are off by fresh noise.
 *
 * Throws InvalidInput on options out of range and on a `theta` of another length. Label noise of the paper (Gatmiry, Li, Reddi,
 * Jegelka 2024, as recalled).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, labelNoise, stepLabelNoise, twoLayerThrough } from "@nonconvex/label-noise"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const theta = Float64Array.of(1, 0, 0, 1)
 * const network = twoLayerThrough(theta, {
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(0.6, 0.8),
 *   dimension: 2,
 *   neurons: 2,
 * })
 * const state = labelNoise(network, theta, { learningRate: 0.01, noise: 0.1, seed: Seed.root(1) })
 * stepLabelNoise(state)
 * state.steps // => 1
 * ```
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
  const { form, position } = descent
  return {
    options: { learningRate, noise, convention, sampling, batch, distribution, form },
    steps: 0,
    status: "running",
    sampler: Sampler.make(size, { rule: rules[sampling], batch, seed: seed.child("indices") }),
    noise: RandomStream.make(seed.child("noise")),
    epsilon: new Float64Array(batch),
    position,
    descent,
  }
}

/**
 * The parameters of a run, m x d: see `NoisyDescent.computeParameters` for what a call costs and how long the view is valid.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, labelNoise, parametersOf, twoLayerThrough } from "@nonconvex/label-noise"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const theta = Float64Array.of(1, 0, 0, 1)
 * const network = twoLayerThrough(theta, {
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(0.6, 0.8),
 *   dimension: 2,
 *   neurons: 2,
 * })
 * const state = labelNoise(network, theta, { learningRate: 0.01, noise: 0.1, seed: Seed.root(1) })
 * parametersOf(state) // ≈ [1.000, 0.000, 0.000, 1.000]
 * ```
 */
export const parametersOf = ({ descent }: LabelNoiseSgdState): Float64Array =>
  descent.computeParameters()

/**
 * Takes one step; after one that is not finite the status is "diverged" and the parameters stay. Allocates nothing.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, labelNoise, parametersOf, stepLabelNoise, twoLayerThrough } from "@nonconvex/label-noise"
 * import { Seed, Vector } from "@nonconvex/numerics"
 *
 * const theta = Float64Array.of(1, 0, 0, 1)
 * const network = twoLayerThrough(theta, {
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(0.6, 0.8),
 *   dimension: 2,
 *   neurons: 2,
 * })
 * const state = labelNoise(network, theta, { learningRate: 0.01, noise: 0, seed: Seed.root(1) })
 * stepLabelNoise(state) // without noise a network that fits stays where it is
 * Vector.distance(parametersOf(state), theta) < 1e-12 // => true
 * ```
 */
export const stepLabelNoise = (state: LabelNoiseSgdState): void => {
  if (state.status === "diverged") return
  const { epsilon, noise, options } = state
  const indices = Sampler.next(state.sampler)
  if (options.distribution === "gaussian") noise.fillNormal(epsilon)
  else noise.fillRademacher(epsilon)
  for (let b = 0; b < epsilon.length; b++) epsilon[b]! *= options.noise
  const rate = Theory.gradientFactor(options.convention) * options.learningRate
  if (state.descent.step(indices, epsilon, rate)) state.steps++
  else state.status = "diverged"
}

/**
 * The largest learning rate at which networks near `theta`, m x d, are stable: with all data a step `2 / lambda_max(H)`, with fewer
 * the stricter limit of one datum a step. Derived here.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, stabilityLimit, twoLayerThrough } from "@nonconvex/label-noise"
 *
 * const theta = Float64Array.of(1)
 * const network = twoLayerThrough(theta, {
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(1),
 *   dimension: 1,
 *   neurons: 1,
 * })
 * // the output has slope 4 there, and the loss the curvature 16
 * stabilityLimit(network, theta, { convention: "half", sampling: "full" }) // => 0.125
 * ```
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

/** Steps that are drawn and taken together. */
const together = 1024

/** Takes `count` steps together, or none: then a residual on the way is not finite, and nothing is drawn. */
const takeTogether = (state: LabelNoiseSgdState, count: number): boolean => {
  const { descent, epsilon, noise, options, sampler } = state
  const { batch } = options
  const before = Snapshot.write({ noise, sampler })
  const indices = new Uint32Array(count * batch)
  for (let k = 0; k < count; k++) indices.set(Sampler.next(sampler), k * batch)
  const drawn = new Float64Array(count * batch)
  const { fillNormal, fillRademacher } = descent.network.kernels
  if (options.distribution === "gaussian") fillNormal(noise, drawn)
  else fillRademacher(noise, drawn)
  for (let k = 0; k < drawn.length; k++) drawn[k]! *= options.noise
  const rate = Theory.gradientFactor(options.convention) * options.learningRate
  if (!descent.run(indices, drawn, rate)) {
    Snapshot.read(before, { noise, sampler })
    return false
  }
  epsilon.set(drawn.subarray((count - 1) * batch))
  state.steps += count
  return true
}

/**
 * Takes steps until there were `steps` in all. Throws DivergedInTransient when a residual leaves the finite numbers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, advanceLabelNoise, labelNoise, twoLayerThrough } from "@nonconvex/label-noise"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const theta = Float64Array.of(1, 0, 0, 1)
 * const network = twoLayerThrough(theta, {
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(0.6, 0.8),
 *   dimension: 2,
 *   neurons: 2,
 * })
 * const state = labelNoise(network, theta, { learningRate: 0.01, noise: 0.1, seed: Seed.root(1) })
 * advanceLabelNoise(state, 100)
 * state.steps // => 100
 * ```
 */
export const advanceLabelNoise = (state: LabelNoiseSgdState, steps: number): void => {
  while (state.steps < steps) {
    const count = Math.min(together, steps - state.steps)
    if (state.status === "running" && takeTogether(state, count)) continue
    stepLabelNoise(state)
    if (state.status === "diverged") {
      const { descent, options } = state
      throw new DivergedInTransient({
        step: state.steps,
        learningRate: options.learningRate,
        stabilityLimit: stabilityLimit(descent.network, state.position.start, options),
      })
    }
  }
}

/**
 * Takes `steps` steps of label-noise SGD from `theta`, m x d; the parameters after them, a fresh array.
 *
 * Throws as `advanceLabelNoise` and `labelNoise`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, diagnose, runLabelNoise, twoLayerThrough } from "@nonconvex/label-noise"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const theta = Float64Array.of(1, 0, 0, 1)
 * const network = twoLayerThrough(theta, {
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(1, 0, 0, 1),
 *   dimension: 2,
 *   neurons: 2,
 * })
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
  advanceLabelNoise(state, options.steps)
  return Float64Array.from(parametersOf(state))
}
