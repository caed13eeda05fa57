/** Nesterov's accelerated gradient method in the three forms that the paper uses. */
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { copyOf, type Scheme, type SchemeState, stateAt } from "./Scheme.ts"

interface Smooth {
  readonly smoothness: number
}

interface Constants extends Smooth {
  readonly strongConvexity: number
}

export interface AcceleratedState extends SchemeState {
  /** Point ahead of the iterate, where the gradient is taken. */
  readonly ahead: Float64Array
  /** Scratch: the answer there. */
  readonly answer: Float64Array
  residual: number
}

/** `x+ = Pi(y - step V(y)); y+ = x+ + momentum(t) (x+ - x)`, with t from 0. It does not average, so the average stays empty. */
const nesterov = (
  name: string,
  step: number,
  momentum: (t: number) => number,
): Scheme<AcceleratedState> => ({
  name,
  init: (problem, start) => {
    const state = stateAt(name, problem, start)
    return { ...state, ahead: copyOf(problem, state.point) }
  },
  step: (state) => {
    const { ahead, answer, point, problem } = state
    problem.operator(ahead, answer)
    state.evaluations++
    const size = point.length
    const beta = momentum(state.steps)
    let moved = 0
    for (let i = 0; i < size; i++) answer[i] = ahead[i]! - step * answer[i]!
    if (!Vector.isFinite(answer)) {
      state.status = "diverged"
      return Number.NaN
    }
    problem.feasible.project(answer, 0, size)
    for (let i = 0; i < size; i++) {
      const next = answer[i]!
      const back = ahead[i]! - next
      moved += back * back
      ahead[i] = next + beta * (next - point[i]!)
      point[i] = next
    }
    state.residual = Math.sqrt(moved) / step
    state.steps++
    return Number.NaN
  },
  residual: ({ residual }) => residual,
})

/**
 * Accelerated gradient descent (AGD) for convex objectives: step `1 / smoothness`, momentum `t / (t + 3)`. As recalled, and checked
 * against the tight bound that PEPit documents. Throws InvalidInput unless the smoothness is positive and finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { accelerated, minimisation } from "@nonconvex/reproducible-minimax"
 * import { quadratic } from "@nonconvex/problems"
 *
 * const method = accelerated({ smoothness: 2 })
 * const state = method.init(minimisation(quadratic({ spectrum: [1, 2] })), Float64Array.of(1, 1))
 * for (let step = 0; step < 100; step++) method.step(state)
 * Math.hypot(...state.point) < 1e-2 // => true
 * ```
 */
export const accelerated = ({ smoothness }: Smooth): Scheme<AcceleratedState> => {
  Require.positive("accelerated", "smoothness", smoothness)
  return nesterov("accelerated gradient", 1 / smoothness, (t) => t / (t + 3))
}

/** `q = sqrt(strongConvexity / smoothness)`. */
const rootOf = (operation: string, { smoothness, strongConvexity }: Constants): number => {
  Require.positive(operation, "smoothness", smoothness)
  Require.nonNegative(operation, "strongConvexity", strongConvexity)
  return Math.sqrt(strongConvexity / smoothness)
}

/**
 * Accelerated gradient descent for strongly convex objectives: step `1 / smoothness`, momentum `(1 - q) / (1 + q)` with
 * `q = sqrt(strongConvexity / smoothness)` (Nesterov, as recalled). Throws InvalidInput unless the smoothness is positive and the
 * strong convexity at least 0.
 */
export const acceleratedStronglyConvex = (constants: Constants): Scheme<AcceleratedState> => {
  const q = rootOf("acceleratedStronglyConvex", constants)
  return nesterov("accelerated gradient, r", 1 / constants.smoothness, () => (1 - q) / (1 + q))
}

/**
 * Accelerated gradient descent for strongly convex objectives with an inexact gradient (Inexact-AGD): step `1 / (2 smoothness)`,
 * momentum `(2 - q) / (2 + q)` with `q = sqrt(strongConvexity / smoothness)` (Zhang et al. 2023, Proposition 3.4, as printed).
 * Throws InvalidInput unless the smoothness is positive and the strong convexity at least 0.
 */
export const inexactAccelerated = (constants: Constants): Scheme<AcceleratedState> => {
  const q = rootOf("inexactAccelerated", constants)
  const step = 0.5 / constants.smoothness
  return nesterov("inexact accelerated gradient", step, () => (2 - q) / (2 + q))
}
