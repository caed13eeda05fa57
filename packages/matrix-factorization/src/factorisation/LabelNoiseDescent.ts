import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { DeepFactorisation } from "./DeepFactorisation.ts"

/** All measurements a step, each at random with replacement, or the next of a shuffled pass. */
export type Sampling = "full" | "replacement" | "epoch"

export interface LabelNoiseOptions {
  readonly learningRate: number
  /** Standard deviation of the noise on a label; 0 is plain (stochastic) gradient descent. */
  readonly noise: number
  /** "gaussian" unless told; "rademacher" is plus or minus the standard deviation. */
  readonly distribution?: "gaussian" | "rademacher"
  /** "full" unless told; the other two need `batch`. */
  readonly sampling?: Sampling
  /** Measurements a step; all of them for full sampling. */
  readonly batch?: number
  /** Two streams, of indices and of noise, are drawn from it. */
  readonly seed: Seed.Seed
}

export interface LabelNoiseState extends MethodState {
  readonly objective: DeepFactorisation
  readonly gradient: Float64Array
  readonly indices: Uint32Array
  /** The labels of the last batch with their noise. */
  readonly labels: Float64Array
  readonly indexStream: RandomStream.RandomStream
  readonly noiseStream: RandomStream.RandomStream
  /** Noise of unit deviation, drawn ahead for several steps: one call for many numbers. */
  readonly drawn: Float64Array
  used: number
  readonly order: Uint32Array
  place: number
}

/** Numbers to draw at once, at least. */
const ahead = 1024

const advance = (state: LabelNoiseState, sampling: Sampling): void => {
  const { indexStream, indices, order } = state
  if (sampling === "full") return
  for (let k = 0; k < indices.length; k++) {
    if (sampling === "replacement") {
      indices[k] = indexStream.integer(order.length)
      continue
    }
    if (state.place === order.length) {
      indexStream.shuffle(order)
      state.place = 0
    }
    indices[k] = order[state.place]!
    state.place++
  }
}

/** A quarter of an ulp of the largest float64: no finite weight that moves by less overflows. */
const longestMove = 2 ** 969

/**
 * Whether the point stays finite, without a look at it: the sum of squares overflows only for a gradient that no step survives, and a
 * move of `longestMove` has diverged.
 */
const isUsable = (loss: number, square: number, learningRate: number): boolean =>
  loss - loss === 0 && learningRate * Math.sqrt(square) < longestMove

/**
 * Gradient descent with fresh noise on the labels at every step (algorithm 2.1): the labels of the batch are `b_i + noise z_i`,
 * and every layer moves by its gradient at the old layers. Returns the loss against the noisy labels.
 *
 * A loss, gradient or step that is not finite leaves the point as it was and sets the status to "diverged". Throws InvalidInput on bad
 * options and on a start of the wrong length.
 */
export const labelNoiseDescent = (
  options: LabelNoiseOptions,
): Method<LabelNoiseState, DeepFactorisation> => {
  const { distribution = "gaussian", learningRate, noise, sampling = "full", seed } = options
  Require.positive("labelNoiseDescent", "learningRate", learningRate)
  Require.nonNegative("labelNoiseDescent", "noise", noise)
  if (sampling !== "full") Require.count("labelNoiseDescent", "batch", options.batch ?? 0)
  return {
    name: noise === 0 ? "gradient descent" : "label-noise descent",
    init: (objective, start) => {
      const { size } = objective
      const batch = sampling === "full" ? size : options.batch!
      Require.vector("labelNoiseDescent", "start", start, objective.dimension)
      if (batch > size || (sampling === "full" && (options.batch ?? size) !== size)) {
        invalid(
          "labelNoiseDescent",
          "a batch must not be larger than the measurements, and all of them for full sampling",
          {
            batch: options.batch!,
            measurements: size,
          },
        )
      }
      const { allocate } = objective.measurements
      const point = allocate(start.length)
      point.set(start)
      const drawn = allocate(batch * Math.ceil(ahead / batch))
      return {
        objective,
        point,
        gradient: allocate(start.length),
        indices: Uint32Array.from({ length: batch }, (_, k) => k),
        labels: allocate(batch),
        indexStream: RandomStream.make(seed.child("indices")),
        noiseStream: RandomStream.make(seed.child("noise")),
        drawn,
        used: drawn.length,
        order: Uint32Array.from({ length: size }, (_, i) => i),
        place: size,
        steps: 0,
        status: "running",
      }
    },
    step: (state) => {
      const { drawn, gradient, indices, labels, noiseStream, objective, point } = state
      const { targets } = objective
      const { kernels } = objective.measurements
      advance(state, sampling)
      if (noise > 0 && state.used === drawn.length) {
        if (distribution === "gaussian") kernels.fillNormal(noiseStream, drawn)
        else kernels.fillRademacher(noiseStream, drawn)
        state.used = 0
      }
      for (let k = 0; k < labels.length; k++) {
        labels[k] = targets[indices[k]!]!
        if (noise > 0) labels[k]! += noise * drawn[state.used++]!
      }
      const loss = objective.against(
        sampling === "full" ? undefined : indices,
        labels,
        point,
        gradient,
      )
      if (isUsable(loss, kernels.dot(gradient, gradient), learningRate)) {
        kernels.axpy(-learningRate, gradient, point)
        state.steps++
      } else state.status = "diverged"
      return loss
    },
  }
}
