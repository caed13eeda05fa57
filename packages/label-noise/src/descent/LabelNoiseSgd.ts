import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { advance } from "@nonconvex/problems/Advance"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import * as Sampler from "@nonconvex/problems/Sampler"
import { Geometry } from "../geometry/Geometry.ts"
import type { TwoLayer } from "../network/TwoLayer.ts"
import * as Theory from "../theory/Theory.ts"
import { DivergedInTransient } from "./DivergedInTransient.ts"
import { type Form, noisyDescent, type NoisyDescent } from "./NoisyDescent.ts"

/** Sampling of a step: all data, random data with replacement, or the next ones of a shuffled pass. */
export type Sampling = "full" | "replacement" | "epoch"

export interface LabelNoiseSgdOptions {
  /** eta, for the loss of `convention`. */
  readonly learningRate: number
  /** Standard deviation of the label noise; 0 is plain (stochastic) gradient descent. */
  readonly noise: number
  /** Convention of the loss; default "half". */
  readonly convention?: Theory.Convention
  /** Default "full". */
  readonly sampling?: Sampling
  /** Batch size, from 1 to n, and n for full sampling; default n. */
  readonly batch?: number
  /** "rademacher" draws plus or minus the standard deviation; default "gaussian". */
  readonly distribution?: "gaussian" | "rademacher"
  /** Flips the sign of the noise: terms odd in the noise cancel in the mean of a run and its antithetic run. Default false. */
  readonly antithetic?: boolean
  /** Both follow the same path up to rounding; default the cheaper one. */
  readonly form?: Form
  /** Two seeds, of the streams of indices and noise, or one seed whose children `indices` and `noise` take their place. */
  readonly seed: Seed.Seed | { readonly indices: Seed.Seed; readonly noise: Seed.Seed }
}

/**
 * A run of label-noise SGD. `point` is computed when it is read; see `NoisyDescent.computeParameters` for its cost, and for how
 * long the view is valid.
 */
export interface LabelNoiseState extends MethodState {
  readonly descent: NoisyDescent
  readonly position: NoisyDescent["position"]
  /** Indices of the data in the last step. */
  readonly indices: Uint32Array
  /** Noise on the labels of the data in the last step. */
  readonly epsilon: Float64Array
  /** State that determines the data of the steps after those in `drawn`. */
  readonly sampler: Sampler.Sampler
  readonly noise: RandomStream.RandomStream
  /** Data and noise of several steps, drawn ahead: one call draws many numbers. */
  readonly drawn: { readonly indices: Uint32Array; readonly epsilon: Float64Array }
  /** Number of drawn values already used. */
  used: number
}

const rules = { full: "whole", replacement: "replacement", epoch: "passes" } as const

/** Least amount of noise drawn at once. */
const drawnAhead = 1024

/**
 * Label-noise SGD: each step is gradient descent on a batch with fresh noise on its labels. A step returns the loss of the batch
 * against the noisy labels. If it is not finite, the status becomes "diverged" and the parameters stay.
 *
 * Throws InvalidInput on options out of range and on a start of another length. Label noise of the paper (Gatmiry, Li, Reddi, Jegelka 2024, as recalled).
 */
export const labelNoiseSgd = (options: LabelNoiseSgdOptions): Method<LabelNoiseState, TwoLayer> => {
  const { learningRate, noise, seed } = options
  const { antithetic = false, convention = "half" } = options
  const { distribution = "gaussian", sampling = "full" } = options
  Require.object("labelNoiseSgd", "seed", seed)
  Require.nonNegative("labelNoiseSgd", "learningRate", learningRate)
  Require.nonNegative("labelNoiseSgd", "noise", noise)
  const factor = Theory.gradientFactor(convention)
  const rate = factor * learningRate
  const deviation = antithetic ? -noise : noise
  const streams = "indices" in seed ? Object.values(seed) : [seed]
  for (const each of streams) Require.seed("labelNoiseSgd", "seed", each)
  const seedOf = (name: "indices" | "noise") => ("child" in seed ? seed.child(name) : seed[name])

  const drawAhead = (state: LabelNoiseState): void => {
    const { descent, drawn, noise: stream, sampler } = state
    const { batch } = descent
    const { epsilon, indices } = drawn
    if (state.used < epsilon.length) return
    for (let at = 0; at < indices.length; at += batch) indices.set(Sampler.next(sampler), at)
    const { fillNormal, fillRademacher } = descent.network.kernels
    if (distribution === "gaussian") fillNormal(stream, epsilon)
    else fillRademacher(stream, epsilon)
    for (let k = 0; k < epsilon.length; k++) epsilon[k]! *= deviation
    state.used = 0
  }

  return {
    name: noise === 0 ? "gradient descent" : "label-noise SGD",
    init: (network, start) => {
      const { size } = network
      const batch = options.batch ?? size
      Require.vector("labelNoiseSgd", "start", start, network.neurons * network.dimension)
      Require.count("labelNoiseSgd", "batch", batch, sampling === "full" ? size : 1, size)
      const descent = noisyDescent(network, start, batch, options.form)
      const ahead = batch * Math.ceil(drawnAhead / batch)
      const drawn = { indices: new Uint32Array(ahead), epsilon: new Float64Array(ahead) }
      return {
        descent,
        position: descent.position,
        get point() {
          return descent.computeParameters()
        },
        indices: new Uint32Array(batch),
        epsilon: new Float64Array(batch),
        sampler: Sampler.make(size, { rule: rules[sampling], batch, seed: seedOf("indices") }),
        noise: RandomStream.make(seedOf("noise")),
        drawn,
        used: ahead,
        steps: 0,
        status: "running",
      }
    },
    step: (state) => {
      drawAhead(state)
      const { descent, drawn, epsilon, indices } = state
      for (let b = 0; b < epsilon.length; b++) {
        indices[b] = drawn.indices[state.used + b]!
        epsilon[b] = drawn.epsilon[state.used + b]!
      }
      state.used += epsilon.length
      const loss = factor * descent.step(indices, epsilon, rate)
      if (Number.isFinite(loss)) state.steps++
      else state.status = "diverged"
      return loss
    },
    twin: ([state, ...others], steps, kernels = Kernels.standard()) => {
      const twin = state?.descent.twin
      if (state === undefined || twin === undefined || others.length > 0) return 0
      const { batch } = state.descent
      let taken = 0
      while (taken < steps) {
        drawAhead(state)
        const { epsilon, indices } = state.drawn
        const from = state.used
        const count = Math.min(steps - taken, (epsilon.length - from) / batch)
        const to = from + count * batch
        const done = twin(indices.subarray(from, to), epsilon.subarray(from, to), rate, kernels)
        state.used += done * batch
        state.steps += done
        taken += done
        if (done < count) break
      }
      return taken
    },
  }
}

/**
 * Largest learning rate at which networks near `theta`, m x d, are stable. With full batches it is `2 / lambda_max(H)`. With
 * smaller batches it is the stricter limit for single data. Derived here.
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
 * Throws DivergedInTransient if a run with these options became infinite or NaN.
 *
 * @internal
 */
export const requireRunning = (
  { descent, position, status, steps }: LabelNoiseState,
  options: LabelNoiseSgdOptions,
): void => {
  if (status === "running") return
  const { convention = "half", learningRate, sampling = "full" } = options
  const limit = stabilityLimit(descent.network, position.start, { convention, sampling })
  throw new DivergedInTransient({ step: steps, learningRate, stabilityLimit: limit })
}

/**
 * Takes `steps` steps of label-noise SGD from `theta`, m x d; returns the final parameters, a fresh array.
 *
 * Throws like `labelNoiseSgd`, and DivergedInTransient if the loss of a batch is not finite.
 */
export const runLabelNoise = (
  network: TwoLayer,
  theta: Float64Array,
  options: LabelNoiseSgdOptions & { readonly steps: number },
): Float64Array => {
  const { kernels } = network
  const method = labelNoiseSgd(options)
  const state = method.init(network, theta)
  advance(method, [state], options.steps, { kernels })
  requireRunning(state, options)
  return Float64Array.from(state.point)
}
