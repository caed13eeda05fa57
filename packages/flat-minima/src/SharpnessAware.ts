import * as Require from "@nonconvex/numerics/Require"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import type { Method } from "@nonconvex/problems/Method"
import type { Draws } from "./Draws.ts"
import {
  initial,
  normOf,
  type PerturbationOptions,
  type PerturbedState,
  projectOff,
  requireOptions,
  step,
} from "./Perturbed.ts"
import { isSampleModel, type SampleModel } from "./SampleModel.ts"

export interface SharpnessAwareOptions extends PerturbationOptions {
  readonly draws: Draws
  /** Samples averaged in a step, drawn with replacement; 1 in the paper. */
  readonly batchSize?: number
  /** Take both signs of every direction (ours). False in the paper, which draws one. */
  readonly antithetic?: boolean
  /** Length of the random shift to where the direction is read if a sample has no gradient (remark 2); default 1e-6. */
  readonly shift?: number
}

/** Gradients of single samples: a model's own, or a batch of one of any finite sum. */
interface Access {
  readonly index: Uint32Array
  readonly model: SampleModel | undefined
}

const gradientOfSample = (
  sum: FiniteSum,
  access: Access,
  i: number,
  x: Float64Array,
  gradient: Float64Array,
): void => {
  if (access.model !== undefined) access.model.sampleValueAndGradient(i, x, gradient)
  else {
    access.index[0] = i
    sum.batchValueAndGradient(access.index, x, gradient)
  }
}

/**
 * Sharpness-aware perturbation, algorithm 2 of the paper (as recalled): where `|G| <= eps0`, `x <- x - eta (G + v)` with v the
 * part orthogonal to G of `grad f_i(x + rho sigma u)`, `u` along the gradient of the random sample i and sigma a random sign.
 *
 * G is the gradient of the whole sum, only v is stochastic. Its drift down the trace is d times that of
 * `smoothedPerturbation`. The direction is the row of the Jacobian where the model gives it, with the sign of the sample's
 * residual: the same direction as the sample's gradient, and defined where that is zero. Of another sum it is the sample's
 * gradient, read at a random shift where it vanishes; where it vanishes there too, the step has no perturbation. Throws
 * InvalidInput on numbers that are not positive.
 */
export const sharpnessAwarePerturbation = (
  options: SharpnessAwareOptions,
): Method<PerturbedState<FiniteSum>, FiniteSum> => {
  const { antithetic = false, batchSize = 1, draws, radius, shift = 1e-6 } = options
  requireOptions("sharpnessAwarePerturbation", options)
  Require.count("sharpnessAwarePerturbation", "batchSize", batchSize)
  Require.positive("sharpnessAwarePerturbation", "shift", shift)
  const weight = 1 / (batchSize * (antithetic ? 2 : 1))
  const accesses = new WeakMap<FiniteSum, Access>()
  let current: FiniteSum | undefined
  let currentAccess: Access = { index: new Uint32Array(1), model: undefined }

  /** The direction of sample i, scaled to the radius; leaves 0 where there is none. */
  const direct = (state: PerturbedState<FiniteSum>, access: Access, i: number): void => {
    const { direction, objective, perturbed, point } = state
    let signed = radius
    if (access.model !== undefined) {
      if (access.model.predictionGradient(i, point, direction) < 0) signed = -radius
    } else {
      gradientOfSample(objective, access, i, point, direction)
    }
    let norm = normOf(direction)
    if (norm === 0) {
      draws.fillSphere(perturbed)
      for (let j = 0; j < point.length; j++) perturbed[j] = point[j]! + shift * perturbed[j]!
      gradientOfSample(objective, access, i, perturbed, direction)
      norm = normOf(direction)
      if (norm === 0) return
    }
    const scale = signed / norm
    for (let j = 0; j < direction.length; j++) direction[j]! *= scale
  }
  /** Adds `weight (grad f_i(x + sign u) - G)` to the move. */
  const add = (state: PerturbedState<FiniteSum>, access: Access, i: number, sign: number): void => {
    const { direction, gradient, move, objective, perturbed, perturbedGradient, point } = state
    for (let j = 0; j < point.length; j++) perturbed[j] = point[j]! + sign * direction[j]!
    gradientOfSample(objective, access, i, perturbed, perturbedGradient)
    for (let j = 0; j < move.length; j++) {
      move[j]! += weight * (perturbedGradient[j]! - gradient[j]!)
    }
    state.perturbedNorm = Math.max(state.perturbedNorm, normOf(perturbedGradient))
  }
  const perturb = (state: PerturbedState<FiniteSum>): void => {
    const { move } = state
    if (state.objective !== current) {
      current = state.objective
      currentAccess = accesses.get(current)!
    }
    // a call of fill costs more than short loops do
    for (let j = 0; j < move.length; j++) move[j] = 0
    state.perturbedNorm = 0
    for (let k = 0; k < batchSize; k++) {
      const i = draws.index(state.objective.size)
      const sign = draws.sign()
      direct(state, currentAccess, i)
      add(state, currentAccess, i, sign)
      if (antithetic) add(state, currentAccess, i, -sign)
    }
    projectOff(state.move, state.gradient, state.gradientNorm, state.perturbedNorm)
  }
  return {
    name: "sharpness-aware perturbation",
    init: (objective, start) => {
      accesses.set(objective, {
        index: new Uint32Array(1),
        model: isSampleModel(objective) ? objective : undefined,
      })
      return initial("sharpnessAwarePerturbation", objective, start)
    },
    step: (state) => step(state, options, perturb),
  }
}
