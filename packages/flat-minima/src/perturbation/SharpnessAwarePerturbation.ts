import * as Require from "@nonconvex/numerics/Require"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import type { Method } from "@nonconvex/problems/Method"
import { isSampleModel, type SampleModel } from "../problems/SampleModel.ts"
import {
  initial,
  normOf,
  type PerturbationOptions,
  type PerturbedState,
  projectOff,
  requireOptions,
  step,
} from "./PerturbedStep.ts"
import { sharpnessAwareTwin } from "./SharpnessAwareTwin.ts"

export interface SharpnessAwareOptions extends PerturbationOptions {
  /** Samples averaged in a step, drawn with replacement; default 1, as in the paper. */
  readonly batchSize?: number
  /** Takes both signs of every direction (ours); default false, as in the paper, which draws one. */
  readonly antithetic?: boolean
  /**
   * Length of the random shift of the point at which the direction is taken, if a sample has no gradient (remark 2); default
   * 1e-6.
   */
  readonly shift?: number
}

export interface SharpnessAwarePerturbedState extends PerturbedState<FiniteSum> {
  /** A batch of one sample, for sums without gradients of single samples. */
  readonly index: Uint32Array
}

type State = SharpnessAwarePerturbedState

/** The gradient of sample i: a model's own, or the gradient of a batch of one. */
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
 * Sharpness-aware perturbation, algorithm 2 of the paper (as recalled). If `|G| <= eps0`, `x <- x - eta (G + v)`, where v is the
 * part of `grad f_i(x + rho sigma u)` orthogonal to G. Here `u` lies along the gradient of the random sample i, and sigma is a
 * random sign. Otherwise it takes a gradient step with eta'. This is not SAM, whose whole step is the perturbed gradient.
 *
 * G is the gradient of the whole sum; only v is stochastic. It reduces the trace d times as fast as `smoothedPerturbation`. If
 * the model gives the Jacobian, the direction is its row, with the sign of the sample's residual. This equals the direction of
 * the sample's gradient, and is defined even if that vanishes. For other sums the direction is the sample's gradient, taken at a
 * random shift if it vanishes. If it vanishes there too, the step is not perturbed. Its compiled twin takes steps on one
 * `diagonalNetwork`, with one sample and one sign per step. Throws InvalidInput on numbers that are not positive.
 */
export const sharpnessAwarePerturbation = (
  options: SharpnessAwareOptions,
): Method<State, FiniteSum> => {
  const { antithetic = false, batchSize = 1, draws, radius, shift = 1e-6 } = options
  requireOptions("sharpnessAwarePerturbation", options)
  Require.count("sharpnessAwarePerturbation", "batchSize", batchSize)
  Require.positive("sharpnessAwarePerturbation", "shift", shift)
  const weight = 1 / (batchSize * (antithetic ? 2 : 1))

  /** Points `direction` along sample i with the length of the radius; returns 0 if there is no direction. */
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
  return {
    name: "sharpness-aware perturbation",
    init: (objective, start) => ({
      ...initial("sharpnessAwarePerturbation", objective, start, draws),
      index: new Uint32Array(1),
    }),
    step: (state) => step(state, options, perturb),
    twin: batchSize === 1 && !antithetic ? sharpnessAwareTwin(options) : undefined,
  }
}
