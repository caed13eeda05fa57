import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Method, MethodState, Twin } from "@nonconvex/problems/Method"
import * as Sampler from "@nonconvex/problems/Sampler"
import { compiledSteps } from "../internal/CompiledSteps.ts"
import type { DeepFactorisation } from "./DeepFactorisation.ts"

/**
 * Sampling in each step: "full" takes all measurements, "replacement" a batch drawn with replacement, "epoch" the next batch
 * of a shuffled pass.
 */
export type Sampling = "full" | "replacement" | "epoch"

export interface LabelNoiseDescentOptions {
  /** Above 0. */
  readonly learningRate: number
  /** Standard deviation of the noise on a label, in units of the labels; 0 is plain (stochastic) gradient descent. */
  readonly noise: number
  /** Distribution of the noise, "rademacher" being plus or minus the standard deviation; default "gaussian". */
  readonly distribution?: "gaussian" | "rademacher"
  /** Default "full"; the other two need `batch`. */
  readonly sampling?: Sampling
  /** Measurements per step, at most all; default all, for full sampling only. */
  readonly batch?: number
  /** The streams of indices and of noise are its children. */
  readonly seed: Seed.Seed
}

export interface LabelNoiseDescentState extends MethodState {
  readonly objective: DeepFactorisation
  readonly gradient: Float64Array
  /** The measurements of the last batch. */
  readonly indices: Uint32Array
  /** Labels of the last batch, with noise. */
  readonly labels: Float64Array
  /** Complete state of the sampler, which determines the following batches. */
  readonly sampler: Sampler.Sampler
  readonly noiseStream: RandomStream.RandomStream
  /** Measurements and noisy labels of several steps, drawn ahead: one call for many numbers. Without indices where every batch is all measurements. */
  readonly drawn: { readonly indices: Uint32Array; readonly labels: Float64Array }
  /** Number of the drawn labels that are used. */
  used: number
}

/** A quarter of an ulp of the largest float64: no finite weight that moves by less overflows. */
const longestMove = 2 ** 969

/** At least so many labels are drawn at once. */
const drawnAhead = 1024

/**
 * Sampler rule for each kind of sampling; an epoch may end within a batch, so that every measurement is used once before any
 * is repeated.
 */
const rules = { replacement: "replacement", epoch: "passes" } as const

/**
 * Tests whether the point stays finite, without reading it. The sum of squares overflows only for a gradient that no step
 * survives, and a move of `longestMove` has diverged.
 */
const isUsable = (loss: number, square: number, learningRate: number): boolean =>
  loss - loss === 0 && learningRate * Math.sqrt(square) < longestMove

/**
 * Gradient descent with fresh noise on the labels at every step (as recalled, and as in Blanc et al. 2020). The labels of the
 * batch are `b_i + noise z_i`, and every layer moves by its gradient at the old layers. A step returns the loss against the noisy
 * labels.
 *
 * If a loss, gradient or step is not finite, the point is unchanged and the status becomes "diverged". Throws InvalidInput
 * on bad options and on a start of the wrong length.
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
  Require.seed("labelNoiseDescent", "seed", seed)
  Require.positive("labelNoiseDescent", "learningRate", learningRate)
  Require.nonNegative("labelNoiseDescent", "noise", noise)
  if (sampling !== "full") Require.count("labelNoiseDescent", "batch", options.batch ?? 0)
  const isGaussian = distribution === "gaussian"
  const isWhole = sampling === "full"
  /** True if every step has all labels unchanged. */
  const isFixed = isWhole && noise === 0

  const drawAhead = (state: LabelNoiseDescentState): void => {
    const { drawn, indices, labels, noiseStream, objective, sampler } = state
    if (state.used < drawn.labels.length) return
    const { fillNormal, fillRademacher } = objective.measurements.kernels
    const batch = labels.length
    const ahead = drawn.labels
    if (noise > 0 && isGaussian) fillNormal(noiseStream, ahead)
    else if (noise > 0) fillRademacher(noiseStream, ahead)
    for (let at = 0; at < ahead.length; at += batch) {
      const chosen = isWhole ? indices : Sampler.next(sampler)
      if (!isWhole) drawn.indices.set(chosen, at)
      for (let k = 0; k < batch; k++) {
        const target = objective.targets[chosen[k]!]!
        ahead[at + k] = noise > 0 ? target + noise * ahead[at + k]! : target
      }
    }
    state.used = 0
  }

  const takeBatch = (state: LabelNoiseDescentState): void => {
    drawAhead(state)
    const { drawn, indices, labels, used } = state
    for (let k = 0; k < labels.length; k++) {
      labels[k] = drawn.labels[used + k]!
      if (!isWhole) indices[k] = drawn.indices[used + k]!
    }
    state.used += labels.length
  }

  const step = (state: LabelNoiseDescentState): number => {
    if (!isFixed) takeBatch(state)
    const { gradient, indices, labels, objective, point } = state
    const { kernels } = objective.measurements
    const loss = objective.against(isWhole ? undefined : indices, labels, point, gradient)
    if (isUsable(loss, kernels.dot(gradient, gradient), learningRate)) {
      kernels.axpy(-learningRate, gradient, point)
      state.steps++
    } else state.status = "diverged"
    return loss
  }

  /** Steps of a run with drawn batches; returns their number. */
  const takeDrawn = (
    { drawn, labels, objective, point, used }: LabelNoiseDescentState,
    count: number,
  ): number => {
    const upTo = used + count * labels.length
    const batches = {
      rate: learningRate,
      batch: labels.length,
      rows: isWhole ? undefined : drawn.indices.subarray(used, upTo),
      labels: drawn.labels.subarray(used, upTo),
    }
    return compiledSteps(objective, batches, count, [point])
  }

  const twinOfFixed: Twin<LabelNoiseDescentState> = (states, steps) => {
    const [first] = states
    if (first === undefined) return 0
    const { labels, objective } = first
    const isAlike = (state: LabelNoiseDescentState): boolean =>
      state.objective === objective && state.labels.every((label, k) => label === labels[k])
    if (!states.every(isAlike)) return 0
    const whole = { rate: learningRate, batch: labels.length, rows: undefined, labels }
    const taken = compiledSteps(
      objective,
      whole,
      steps,
      states.map(({ point }) => point),
    )
    for (const state of states) state.steps += taken
    return taken
  }

  const twinOfDrawn: Twin<LabelNoiseDescentState> = ([state, ...others], steps) => {
    if (state === undefined || others.length > 0) return 0
    let taken = 0
    while (taken < steps) {
      drawAhead(state)
      const left = (state.drawn.labels.length - state.used) / state.labels.length
      const count = Math.min(steps - taken, left)
      const done = takeDrawn(state, count)
      state.used += done * state.labels.length
      state.steps += done
      taken += done
      if (done < count) break
    }
    return taken
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
          "a batch must not be larger than the number of measurements, and equal to it for full sampling",
          {
            batch: options.batch!,
            measurements: size,
          },
        )
      }
      const { allocate } = objective.measurements
      const point = allocate(start.length)
      point.set(start)
      const labels = allocate(batch)
      if (isFixed) labels.set(objective.targets)
      const ahead = isFixed ? 0 : batch * Math.ceil(drawnAhead / batch)
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
        indices: Uint32Array.from({ length: batch }, (_, k) => k),
        labels,
        noiseStream: RandomStream.make(seed.child("noise")),
        drawn: { indices: new Uint32Array(isWhole ? 0 : ahead), labels: allocate(ahead) },
        used: ahead,
        steps: 0,
        status: "running",
      }
    },
    step,
    twin: isFixed ? twinOfFixed : twinOfDrawn,
  }
}
