import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import * as Sampler from "@nonconvex/problems/Sampler"
import { burst, longestMove } from "../internal/LabelNoiseRuns.ts"
import type { DeepFactorisation } from "./DeepFactorisation.ts"
import { drawAhead, lookUp } from "./NoisyLabels.ts"

/** Which measurements a step sees: "full" all of them, "replacement" a batch drawn with replacement, "epoch" the next of a shuffled pass. */
export type Sampling = "full" | "replacement" | "epoch"

export interface LabelNoiseDescentOptions {
  /** Above 0. */
  readonly learningRate: number
  /** Standard deviation of the noise on a label, in units of the labels; 0 is plain (stochastic) gradient descent. */
  readonly noise: number
  /** Of the noise, "rademacher" being plus or minus the standard deviation; default "gaussian". */
  readonly distribution?: "gaussian" | "rademacher"
  /** Default "full"; the other two need `batch`. */
  readonly sampling?: Sampling
  /** Measurements a step, at most all; default all, for full sampling only. */
  readonly batch?: number
  /** The streams of indices and of noise are its children. */
  readonly seed: Seed.Seed
}

export interface LabelNoiseDescentState extends MethodState {
  readonly objective: DeepFactorisation
  readonly gradient: Float64Array
  /** The measurements of the last batch, and all that decides the next ones. */
  readonly sampler: Sampler.Sampler
  /** The labels of the last batch with their noise. */
  readonly labels: Float64Array
  readonly noiseStream: RandomStream.RandomStream
  /** Noise of unit deviation, drawn ahead for several steps: one call for many numbers. */
  readonly drawn: Float64Array
  /** How much of it is used up. */
  used: number
}

/** At least so many numbers of noise are drawn at once. */
const drawnAhead = 1024

/** What the sampler calls each sampling: an epoch may go on within a batch, so that every measurement is seen once before any again. */
const rules = { replacement: "replacement", epoch: "passes" } as const

/**
 * Whether the point stays finite, without a look at it: the sum of squares overflows only for a gradient that no step survives, and a
 * move of `longestMove` has diverged.
 */
const isUsable = (loss: number, square: number, learningRate: number): boolean =>
  loss - loss === 0 && learningRate * Math.sqrt(square) < longestMove

/**
 * Gradient descent with fresh noise on the labels at every step (as recalled, and as Blanc et al. 2020 have it): the labels of the
 * batch are `b_i + noise z_i`, and every layer moves by its gradient at the old layers. A step returns the loss against the noisy labels.
 *
 * A loss, gradient or step that is not finite leaves the point as it was and sets the status to "diverged". Throws InvalidInput on bad
 * options and on a start of the wrong length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completion, deepFactorisation, labelNoiseDescent } from "@nonconvex/matrix-factorization"
 * import * as Seed from "@nonconvex/numerics/Seed"
 *
 * const measurements = completion({ rows: 1, columns: 1, entries: [[0, 0]] })
 * const objective = deepFactorisation({ measurements, targets: Float64Array.of(1), widths: [1, 1, 1] })
 * const method = labelNoiseDescent({ learningRate: 0.1, noise: 0.01, seed: Seed.root(1) })
 * // layers whose product fits: noise moves them towards equal sizes, where the trace of the Hessian is least
 * const state = method.init(objective, Float64Array.of(2, 0.5))
 * for (let step = 0; step < 50_000; step++) method.step(state)
 * Math.abs(state.point[0]!) < 1.9 // => true
 * ```
 */
export const labelNoiseDescent = (
  options: LabelNoiseDescentOptions,
): Method<LabelNoiseDescentState, DeepFactorisation> => {
  const { distribution = "gaussian", learningRate, noise, sampling = "full", seed } = options
  Require.positive("labelNoiseDescent", "learningRate", learningRate)
  Require.nonNegative("labelNoiseDescent", "noise", noise)
  if (sampling !== "full") Require.count("labelNoiseDescent", "batch", options.batch ?? 0)
  const isGaussian = distribution === "gaussian"
  const step = (state: LabelNoiseDescentState): number => {
    const { gradient, labels, objective, point, sampler } = state
    const { kernels } = objective.measurements
    const indices = Sampler.next(sampler)
    if (noise > 0) drawAhead(state, isGaussian)
    lookUp(state, indices, noise, state.used, labels)
    if (noise > 0) state.used += labels.length
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
  }
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
      const drawn = allocate(batch * Math.ceil(drawnAhead / batch))
      return {
        objective,
        point,
        gradient: allocate(start.length),
        sampler: Sampler.make(
          size,
          sampling === "full"
            ? { rule: "whole" }
            : { rule: rules[sampling], batch, seed: seed.child("indices") },
        ),
        labels: allocate(batch),
        noiseStream: RandomStream.make(seed.child("noise")),
        drawn,
        used: drawn.length,
        steps: 0,
        status: "running",
      }
    },
    step,
    twin: burst({ learningRate, noise, isGaussian }),
  }
}
