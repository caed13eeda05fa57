import type { Average } from "./Average.ts"
import type { Problem } from "../problem/Problem.ts"

/** A first-order method: its state and its step, which allocates nothing. */
export interface Scheme<State extends SchemeState = SchemeState> {
  readonly name: string
  /**
   * Prepares a state at `start`, which is copied and projected onto the set. Throws InvalidInput on a wrong length, and ArenaFull
   * where the problem's workspace is.
   */
  init(problem: Problem, start: Float64Array): State
  step(state: State): void
}

export interface SchemeState {
  readonly problem: Problem
  /** The last iterate. */
  readonly point: Float64Array
  /** The mean of what the method's theory averages: the iterates before each step, or the half steps. */
  readonly average: Average
  /** The feasible point that `residual` is about. */
  readonly candidate: Float64Array
  /**
   * Bound on how far the candidate is from solving the problem, but for the oracle's error: where the operator is r-strongly
   * monotone, its solution is within `(residual + error) / r` of the candidate. See Theory.distanceFromResidual.
   */
  readonly residual: number
  steps: number
  /** Calls of the oracle. */
  evaluations: number
  /** `diverged` once an answer was not finite; the state is then that of the step before. */
  status: "running" | "diverged"
}
