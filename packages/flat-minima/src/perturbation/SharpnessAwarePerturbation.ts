import * as Require from "@nonconvex/numerics/Require"
import { type Burst, inBursts } from "@nonconvex/problems/Advance"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import type { Method } from "@nonconvex/problems/Method"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { asDiagonal } from "../problems/DiagonalNetwork.ts"
import { isSampleModel, type SampleModel } from "../problems/SampleModel.ts"
import type { Draws } from "./Draws.ts"
import {
  initial,
  normOf,
  type PerturbationOptions,
  type PerturbedState,
  projectOff,
  requireOptions,
  step,
} from "./PerturbedStep.ts"

export interface SharpnessAwareOptions extends PerturbationOptions {
  /** Samples averaged in a step, drawn with replacement; default 1, as in the paper. */
  readonly batchSize?: number
  /** Take both signs of every direction (ours); default false, as in the paper, which draws one. */
  readonly antithetic?: boolean
  /** Length of the random shift to where the direction is read if a sample has no gradient (remark 2); default 1e-6. */
  readonly shift?: number
}

export interface SharpnessAwarePerturbedState extends PerturbedState<FiniteSum> {
  /** The batch of one sample, for sums that give no gradients of single samples. */
  readonly index: Uint32Array
}

type State = SharpnessAwarePerturbedState

/** Steps whose draws are made together, of a state and of all of them. */
const mostTogether = 4096
const mostOfAll = 32_768

/** The network of all states; undefined where there is none, or another one. */
const networkOf = (states: ReadonlyArray<State>): ReturnType<typeof asDiagonal> => {
  const [first, ...others] = states.map(({ objective }) => asDiagonal(objective))
  return others.every((other) => other === first) ? first : undefined
}

/** Draws the samples and signs of so many perturbed steps. */
const drawPairs = (
  draws: Draws,
  { objective: { size }, place }: State,
  indices: Uint32Array,
  signs: Float64Array,
  pairs: number,
): void => {
  for (let k = 0; k < pairs; k++) {
    indices[k] = draws.index(place, size)
    signs[k] = draws.sign(place)
  }
}

/** The gradient of sample i: a model's own, or that of a batch of one of any finite sum. */
const gradientOfSample = (
  { index, objective }: State,
  model: SampleModel | undefined,
  i: number,
  x: Float64Array,
  gradient: Float64Array,
): void => {
  if (model !== undefined) model.sampleValueAndGradient(i, x, gradient)
  else {
    index[0] = i
    objective.batchValueAndGradient(index, x, gradient)
  }
}

/**
 * Sharpness-aware perturbation, algorithm 2 of the paper (as recalled): where `|G| <= eps0`, `x <- x - eta (G + v)` with v the
 * part orthogonal to G of `grad f_i(x + rho sigma u)`, `u` along the gradient of the random sample i and sigma a random sign; else a
 * gradient step with eta'. It is not SAM, whose whole step is the perturbed gradient.
 *
 * G is the gradient of the whole sum, only v is stochastic. Its drift down the trace is d times that of
 * `smoothedPerturbation`. The direction is the row of the Jacobian where the model gives it, with the sign of the sample's
 * residual: the same direction as the sample's gradient, and defined where that is zero. Of another sum it is the sample's
 * gradient, read at a random shift where it vanishes; where it vanishes there too, the step has no perturbation. `advance` takes
 * the steps of many states on one `diagonalNetwork` in one call of a kernel, where a step has one sample and one sign. Throws InvalidInput on numbers that are
 * not positive.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draws, scalarModel, sharpnessAwarePerturbation } from "@nonconvex/flat-minima"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const method = sharpnessAwarePerturbation({
 *   learningRate: 0.01,
 *   plainLearningRate: 0.1,
 *   radius: 0.1,
 *   gradientThreshold: 0.5,
 *   draws: Draws.fromSeed(Seed.root(1)),
 * })
 * const state = method.init(scalarModel(), Float64Array.of(3, 1 / 3))
 * for (let step = 0; step < 5000; step++) method.step(state)
 * // along the minima x y = 1 the flattest is (1, 1)
 * state.point[0]! < 2 // => true
 * ```
 */
export const sharpnessAwarePerturbation = (
  options: SharpnessAwareOptions,
): Method<State, FiniteSum> => {
  const { antithetic = false, batchSize = 1, draws, radius, shift = 1e-6 } = options
  requireOptions("sharpnessAwarePerturbation", options)
  Require.count("sharpnessAwarePerturbation", "batchSize", batchSize)
  Require.positive("sharpnessAwarePerturbation", "shift", shift)
  const weight = 1 / (batchSize * (antithetic ? 2 : 1))

  /** Points `direction` along sample i, with the length of the radius; leaves 0 where there is no direction. */
  const aim = (state: State, model: SampleModel | undefined, i: number): void => {
    const { direction, perturbed, place, point } = state
    let signed = radius
    if (model !== undefined) {
      if (model.predictionGradient(i, point, direction) < 0) signed = -radius
    } else {
      gradientOfSample(state, model, i, point, direction)
    }
    let norm = normOf(direction)
    if (norm === 0) {
      draws.fillSphere(place, perturbed)
      for (let j = 0; j < point.length; j++) perturbed[j] = point[j]! + shift * perturbed[j]!
      gradientOfSample(state, model, i, perturbed, direction)
      norm = normOf(direction)
      if (norm === 0) return
    }
    const scale = signed / norm
    for (let j = 0; j < direction.length; j++) direction[j]! *= scale
  }
  /** Adds `weight (grad f_i(x + sign u) - G)` to the move. */
  const add = (state: State, model: SampleModel | undefined, i: number, sign: number): void => {
    const { direction, gradient, move, perturbed, perturbedGradient, point } = state
    for (let j = 0; j < point.length; j++) perturbed[j] = point[j]! + sign * direction[j]!
    gradientOfSample(state, model, i, perturbed, perturbedGradient)
    for (let j = 0; j < move.length; j++) {
      move[j]! += weight * (perturbedGradient[j]! - gradient[j]!)
    }
    state.perturbedNorm = Math.max(state.perturbedNorm, normOf(perturbedGradient))
  }
  const perturb = (state: State): void => {
    const { move, objective, place } = state
    const model = isSampleModel(objective) ? objective : undefined
    // a call of fill costs more than short loops do
    for (let j = 0; j < move.length; j++) move[j] = 0
    state.perturbedNorm = 0
    for (let k = 0; k < batchSize; k++) {
      const i = draws.index(place, objective.size)
      const sign = draws.sign(place)
      aim(state, model, i)
      add(state, model, i, sign)
      if (antithetic) add(state, model, i, -sign)
    }
    projectOff(state.move, state.gradient, state.gradientNorm, state.perturbedNorm)
  }
  const one = (state: State): number => step(state, options, perturb)
  const { gradientThreshold, learningRate: rate, plainLearningRate: plainRate } = options
  // what is stale after a plain step, a burst leaves as it is
  const burst: Burst<State> = (states, steps, kernels) => {
    const network = networkOf(states)
    if (network === undefined) return 0
    const count = Math.min(steps, mostTogether, Math.ceil(mostOfAll / states.length))
    // run after run, as the compiled kernels would lay them
    const indices = new Uint32Array(states.length * count)
    const signs = new Float64Array(states.length * count)
    const runs = states.map(({ place, point }, r) => ({
      before: Snapshot.write(place),
      begun: point.slice(),
      indices: indices.subarray(r * count, (r + 1) * count),
      signs: signs.subarray(r * count, (r + 1) * count),
    }))
    const draw = (r: number, pairs: number): void =>
      drawPairs(draws, states[r]!, runs[r]!.indices, runs[r]!.signs, pairs)
    for (let r = 0; r < runs.length; r++) draw(r, count)
    const run = { ...network, rate, plainRate, radius, gradientThreshold }
    const attempt = (most: number) =>
      kernels.perturbDiagonal(
        run,
        most,
        runs.map((drawn, r) => ({
          indices: drawn.indices.subarray(0, most),
          signs: drawn.signs.subarray(0, most),
          point: states[r]!.point,
        })),
      )
    let attempted = attempt(count)
    let taken = Math.min(...attempted.map((each) => each.steps))
    if (taken < count) {
      // back by one: the step that the first one stopped before is for `step`, and so is what the last one leaves
      taken = Math.max(0, taken - 1)
      for (const [r, { begun }] of runs.entries()) states[r]!.point.set(begun)
      attempted = attempt(taken)
    }
    for (const [r, state] of states.entries()) {
      const { perturbed } = attempted[r]!
      if (perturbed < count) {
        // plain steps draw nothing
        Snapshot.read(runs[r]!.before, state.place)
        draw(r, perturbed)
      }
      state.steps += taken
      state.perturbedSteps += perturbed
    }
    return taken
  }
  return {
    name: "sharpness-aware perturbation",
    init: (objective, start) => ({
      ...initial("sharpnessAwarePerturbation", objective, start, draws),
      index: new Uint32Array(1),
    }),
    step: batchSize === 1 && !antithetic ? inBursts(one, burst) : one,
  }
}
