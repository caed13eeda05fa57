import * as Require from "@nonconvex/numerics/Require"
import * as Average from "./Average.ts"
import { type Problem, vectorOf } from "../problem/Problem.ts"
import { twinOf } from "./ExtragradientTwin.ts"
import { copyOf, type Scheme, type SchemeState, stateAt, type StepOptions } from "./Scheme.ts"

export interface ExtragradientState extends SchemeState {
  /**
   * Scratch: the answer at the point, then the previous point; for the optimistic gradient, the answer at the last half
   * step.
   */
  readonly answer: Float64Array
  /** Answer at the half step. */
  readonly halfAnswer: Float64Array
  residual: number
  /** `<V(w) - V(z), w - z>` of the last step: nonnegative for a monotone operator, up to twice the error times `|w - z|`. */
  monotonicity: number
  /** `|w - z|` of the last step. */
  moved: number
}

/** The state at `start`. */
export const prepare = (
  operation: string,
  problem: Problem,
  start: Float64Array,
): ExtragradientState => {
  const state = stateAt(operation, problem, start)
  return {
    ...state,
    candidate: copyOf(problem, state.point),
    halfAnswer: vectorOf(problem),
    monotonicity: Number.NaN,
    moved: Number.NaN,
  }
}

export const residualOf = ({ residual }: ExtragradientState): number => residual

/** `w = Pi(z - step V)` with V in `answer`. */
export const lookAhead = (
  { answer, candidate, point, problem }: ExtragradientState,
  step: number,
) => {
  for (let i = 0; i < point.length; i++) candidate[i] = point[i]! - step * answer[i]!
  problem.feasible.project(candidate, 0, point.length)
}

/**
 * `z+ = Pi(z - step V(w))` with V(w) in `halfAnswer`. The residual is `|V(w) + n|` with the normal `n = (z - w) / step -
 * V(z)` to the set at w, which the projection determines. Returns false if an answer was not finite.
 */
export const land = (state: ExtragradientState, step: number): boolean => {
  const { answer, average, candidate, halfAnswer, point, problem } = state
  const inverse = 1 / step
  let square = 0
  let product = 0
  let length = 0
  for (let i = 0; i < point.length; i++) {
    const before = point[i]!
    const half = halfAnswer[i]!
    const back = before - candidate[i]!
    const change = half - answer[i]!
    const rest = change + back * inverse
    square += rest * rest
    product -= change * back
    length += back * back
    point[i] = before - step * half
    // no longer needed, so it keeps where the point was
    answer[i] = before
  }
  if (!(square < Number.POSITIVE_INFINITY)) {
    point.set(answer)
    state.status = "diverged"
    return false
  }
  problem.feasible.project(point, 0, point.length)
  state.residual = Math.sqrt(square)
  state.monotonicity = product
  state.moved = Math.sqrt(length)
  Average.add(average, candidate)
  state.steps++
  return true
}

/**
 * `w = Pi(z - step V(z)); z+ = Pi(z - step V(w))` (Korpelevich 1976; Zhang et al. 2023, Algorithm 5, as printed). It
 * averages the half steps w, which are also its candidates. Throws InvalidInput unless the step is positive and finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { extragradient, regularised, saddlePoint } from "@nonconvex/reproducible-minimax"
 * import { matrixGame } from "@nonconvex/problems"
 *
 * const pennies = matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 })
 * const center = new Float64Array(4).fill(0.5)
 * const problem = regularised(saddlePoint(pennies), 0.1, center)
 * const method = extragradient({ step: 0.5 / problem.smoothness })
 * const state = method.init(problem, Float64Array.of(1, 0, 0, 1))
 * while (method.residual(state) > 1e-9) method.step(state)
 * // the residual over the strength bounds the distance to the solution
 * Math.abs(state.candidate[0]! - 0.5) < 1e-8 // => true
 * ```
 */
export const extragradient = ({ step }: StepOptions): Scheme<ExtragradientState> => {
  Require.positive("extragradient", "step", step)
  return {
    name: "extragradient",
    init: (problem, start) => prepare("extragradient", problem, start),
    step: (state) => {
      const { candidate, problem } = state
      problem.operator(state.point, state.answer)
      lookAhead(state, step)
      problem.operator(candidate, state.halfAnswer)
      state.evaluations += 2
      land(state, step)
      return Number.NaN
    },
    residual: residualOf,
    twin: twinOf(true, step),
  }
}
