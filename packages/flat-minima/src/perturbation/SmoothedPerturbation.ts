import * as Require from "@nonconvex/numerics/Require"
import type { Method } from "@nonconvex/problems/Method"
import {
  initial,
  normOf,
  type PerturbationOptions,
  type PerturbedState,
  projectOff,
  requireOptions,
  step,
} from "./PerturbedStep.ts"

export interface SmoothedOptions extends PerturbationOptions {
  /** Directions averaged in a step; default 1, as in the paper. */
  readonly directions?: number
  /**
   * Also take the gradient at `x - rho g`: the drift stays, and the loss excursion falls by orders of magnitude (ours). Default
   * false, as in the paper.
   */
  readonly antithetic?: boolean
}

/**
 * Randomly smoothed perturbation, algorithm 1 of the paper (as recalled). If `|G| <= eps0`, `x <- x - eta (G + v)`, where v is
 * the part of the gradient at `x + rho g` orthogonal to G; g is uniform on the sphere. Otherwise it takes a gradient step with
 * eta'.
 *
 * Along the minima, each step descends the normalised trace of the Hessian by `eta rho^2 / 2` times its gradient. G is
 * subtracted before the projection; the result is the same, with far less rounding error. Throws InvalidInput on numbers that
 * are not positive.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draws, scalarModel, smoothedPerturbation } from "@nonconvex/flat-minima"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const method = smoothedPerturbation({
 *   learningRate: 0.02,
 *   plainLearningRate: 0.05,
 *   radius: 0.3,
 *   gradientThreshold: 1,
 *   draws: Draws.fromSeed(Seed.root(1)),
 * })
 * // along the minima of (x y - 1)^2 / 2, from a sharp one towards the flat one at (1, 1)
 * const state = method.init(scalarModel(), Float64Array.of(2, 0.5))
 * for (let t = 0; t < 20_000; t++) method.step(state)
 * state.point[0]! < 1.2 // => true
 * ```
 */
export const smoothedPerturbation = (options: SmoothedOptions): Method<PerturbedState> => {
  const { antithetic = false, directions = 1, draws, radius } = options
  requireOptions("smoothedPerturbation", options)
  Require.count("smoothedPerturbation", "directions", directions)
  const weight = 1 / (directions * (antithetic ? 2 : 1))

  /** Adds `weight (grad f(x + signed g) - G)` to the move. */
  const add = (state: PerturbedState, signed: number): void => {
    const { direction, gradient, move, objective, perturbed, perturbedGradient, point } = state
    for (let j = 0; j < point.length; j++) perturbed[j] = point[j]! + signed * direction[j]!
    objective.valueAndGradient(perturbed, perturbedGradient)
    for (let j = 0; j < move.length; j++) {
      move[j]! += weight * (perturbedGradient[j]! - gradient[j]!)
    }
    state.perturbedNorm = Math.max(state.perturbedNorm, normOf(perturbedGradient))
  }
  const perturb = (state: PerturbedState): void => {
    state.move.fill(0)
    state.perturbedNorm = 0
    for (let k = 0; k < directions; k++) {
      draws.fillSphere(state.place, state.direction)
      add(state, radius)
      if (antithetic) add(state, -radius)
    }
    projectOff(state.move, state.gradient, state.gradientNorm, state.perturbedNorm)
  }
  return {
    name: "randomly smoothed perturbation",
    init: (objective, start) => initial("smoothedPerturbation", objective, start, draws),
    step: (state) => step(state, options, perturb),
  }
}
