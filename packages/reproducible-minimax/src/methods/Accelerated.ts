/** Nesterov's accelerated gradient method in the three forms that the paper uses. */
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Average from "./Average.ts"
import { startAt, vectorOf } from "../problem/Problem.ts"
import type { Scheme, SchemeState } from "./Scheme.ts"

export interface AcceleratedState extends SchemeState {
  residual: number
  /** Where the gradient is taken: ahead of the point. */
  readonly ahead: Float64Array
  readonly answer: Float64Array
}

/** `x+ = Pi(y - step V(y)); y+ = x+ + momentum(t) (x+ - x)`, t from 0. Nothing averages; the average stays empty. */
const nesterov = (
  name: string,
  step: number,
  momentum: (t: number) => number,
): Scheme<AcceleratedState> => ({
  name,
  init: (problem, start) => {
    const point = startAt(name, problem, start)
    const ahead = vectorOf(problem)
    ahead.set(point)
    return {
      problem,
      point,
      candidate: point,
      ahead,
      average: Average.make(point.length),
      answer: vectorOf(problem),
      residual: Number.POSITIVE_INFINITY,
      steps: 0,
      evaluations: 0,
      status: "running",
    }
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
      return
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
  },
})

/** For convex objectives: step `1 / smoothness`, momentum `t / (t + 3)` [recalled, and checked against PEPit's tight bound]. */
export const accelerated = ({
  smoothness,
}: {
  readonly smoothness: number
}): Scheme<AcceleratedState> => {
  Require.positive("accelerated", "smoothness", smoothness)
  return nesterov("accelerated gradient", 1 / smoothness, (t) => t / (t + 3))
}

interface Constants {
  readonly smoothness: number
  readonly strongConvexity: number
}

const requireConstants = (operation: string, { smoothness, strongConvexity }: Constants): void => {
  Require.positive(operation, "smoothness", smoothness)
  Require.nonNegative(operation, "strongConvexity", strongConvexity)
}

/** For strongly convex objectives: step `1 / smoothness`, momentum `(1 - q) / (1 + q)` with `q = sqrt(r / L)`. */
export const acceleratedStronglyConvex = (constants: Constants): Scheme<AcceleratedState> => {
  requireConstants("acceleratedStronglyConvex", constants)
  const { smoothness, strongConvexity } = constants
  const q = Math.sqrt(strongConvexity / smoothness)
  return nesterov("accelerated gradient, r", 1 / smoothness, () => (1 - q) / (1 + q))
}

/**
 * For strongly convex objectives with an inexact gradient: step `1 / (2 smoothness)`, momentum `(2 - q) / (2 + q)` with
 * `q = sqrt(r / L)` (Zhang et al. 2023, Proposition 3.4, as printed).
 */
export const inexactAccelerated = (constants: Constants): Scheme<AcceleratedState> => {
  requireConstants("inexactAccelerated", constants)
  const { smoothness, strongConvexity } = constants
  const q = Math.sqrt(strongConvexity / smoothness)
  return nesterov("inexact accelerated gradient", 0.5 / smoothness, () => (2 - q) / (2 + q))
}
