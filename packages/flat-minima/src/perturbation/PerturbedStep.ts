/** Common part of the two algorithms of the paper: the branch on the gradient norm, and the step off the gradient. */
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type { MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import type * as Draws from "./Draws.ts"

/** The four numbers of the theorems (eta, eta', rho and eps0 in the paper) and the randomness. */
export interface PerturbationOptions {
  /** eta: step size of a perturbed step. */
  readonly learningRate: number
  /** eta': step size of a plain step, about 1 / smoothness. */
  readonly plainLearningRate: number
  /** rho: distance from the point at which the perturbed gradient is taken. */
  readonly radius: number
  /** eps0: steps are perturbed if the gradient norm is at most this. Infinity perturbs every step. */
  readonly gradientThreshold: number
  readonly draws: Draws.Draws
}

/** State after a step; with the options it determines the next one. Arrays have the length of the point. */
export interface PerturbedState<Problem extends Objective = Objective> extends MethodState {
  readonly objective: Problem
  /** G, the gradient of the whole objective before the step. */
  readonly gradient: Float64Array
  /** v, the part of the perturbed gradient orthogonal to G; stale after a plain step. */
  readonly move: Float64Array
  readonly perturbed: Float64Array
  readonly perturbedGradient: Float64Array
  readonly direction: Float64Array
  /** Position of the run in its draws. */
  readonly place: object
  /** Number of steps with a gradient norm of at most the threshold. */
  perturbedSteps: number
  loss: number
  gradientNorm: number
  /** Largest norm of a perturbed gradient in the step; stale after a plain step. */
  perturbedNorm: number
}

export const requireOptions = (operation: string, options: PerturbationOptions): void => {
  Require.positive(operation, "learningRate", options.learningRate)
  Require.positive(operation, "plainLearningRate", options.plainLearningRate)
  Require.positive(operation, "radius", options.radius)
  if (options.gradientThreshold !== Number.POSITIVE_INFINITY) {
    Require.positive(operation, "gradientThreshold", options.gradientThreshold)
  }
}

export const initial = <Problem extends Objective>(
  operation: string,
  objective: Problem,
  start: Float64Array,
  draws: Draws.Draws,
): PerturbedState<Problem> => {
  Require.vector(operation, "start", start, objective.dimension)
  const { length } = start
  return {
    objective,
    point: start.slice(),
    gradient: new Float64Array(length),
    move: new Float64Array(length),
    perturbed: new Float64Array(length),
    perturbedGradient: new Float64Array(length),
    direction: new Float64Array(length),
    place: draws.begin(),
    perturbedSteps: 0,
    loss: Number.NaN,
    gradientNorm: Number.NaN,
    perturbedNorm: Number.NaN,
    steps: 0,
    status: "running",
  }
}

/** Relative to the perturbed gradient, the gradient norm below which its direction is rounding noise. */
const noise = 1e-12

/** The norm by a plain sum if that is safe; small enough for an engine to inline. */
export const normOf = (gradient: Float64Array): number => {
  let sum = 0
  for (let j = 0; j < gradient.length; j++) sum += gradient[j]! * gradient[j]!
  return Vector.isSafeSum(sum) ? Math.sqrt(sum) : Vector.norm(gradient)
}

/**
 * Removes from `v` its component along `gradient`, unless its norm is noise relative to `size`, the norm of the perturbed
 * gradient. In dimension 1 nothing is left.
 */
export const projectOff = (
  v: Float64Array,
  gradient: Float64Array,
  norm: number,
  size: number,
): void => {
  if (norm <= noise * size) return
  if (v.length === 1) {
    v[0] = 0
    return
  }
  // twice: where most of v lies along the gradient, the first pass leaves a rounding error of that part
  for (let pass = 0; pass < 2; pass++) {
    let along = 0
    for (let j = 0; j < v.length; j++) along += v[j]! * (gradient[j]! / norm)
    for (let j = 0; j < v.length; j++) v[j]! -= along * (gradient[j]! / norm)
  }
}

/**
 * Step of a method whose perturbed branch writes v to `state.move`, and the largest norm of its gradients to
 * `state.perturbedNorm`. Allocates nothing.
 */
export const step = <State extends PerturbedState>(
  state: State,
  options: PerturbationOptions,
  perturb: (state: State) => void,
): number => {
  const { gradient, move, objective, point } = state
  const loss = objective.valueAndGradient(point, gradient)
  const gradientNorm = normOf(gradient)
  state.loss = loss
  state.gradientNorm = gradientNorm
  // a sum is finite only if its parts are
  if (!(Math.abs(loss) + gradientNorm < Number.POSITIVE_INFINITY)) {
    state.status = "diverged"
    return loss
  }
  if (gradientNorm <= options.gradientThreshold) {
    perturb(state)
    // v is a mean of differences from G
    if (!(state.perturbedNorm + gradientNorm < Number.POSITIVE_INFINITY)) {
      state.status = "diverged"
      return loss
    }
    const eta = options.learningRate
    for (let j = 0; j < point.length; j++) point[j]! -= eta * (gradient[j]! + move[j]!)
    state.perturbedSteps++
  } else {
    const eta = options.plainLearningRate
    for (let j = 0; j < point.length; j++) point[j]! -= eta * gradient[j]!
  }
  state.steps++
  return loss
}
