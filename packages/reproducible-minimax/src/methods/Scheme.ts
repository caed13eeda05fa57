import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import { type Problem, startAt, vectorOf } from "../problem/Problem.ts"
import * as Average from "./Average.ts"

/** A first-order method: its state and its step. What decides the next step is in the state, as data. */
export interface Scheme<State extends SchemeState = SchemeState> {
  readonly name: string
  /**
   * Prepares a state at `start`, which is copied and projected onto the set. All memory that `step` needs is allocated here. Throws
   * InvalidInput on a wrong length and on numbers that are not finite, ArenaFull where the problem's workspace is full.
   */
  init(problem: Problem, start: Float64Array): State
  /** Advances `state` in place by one step. Allocates nothing. */
  step(state: State): void
  /**
   * Bound on how far the candidate is from solving the problem, but for the oracle's error: where the operator is r-strongly
   * monotone, its solution is within `(residual + error) / r` of the candidate (see Theory.distanceFromResidual). Infinity before the
   * first step.
   */
  residual(state: State): number
}

/** The state of a method; a restored copy of its numbers goes on with the same bits. */
export interface SchemeState {
  readonly problem: Problem
  /** The last iterate. */
  readonly point: Float64Array
  /** Of what the method's theory averages: the iterates before each step, or the half steps. */
  readonly average: Average.Average
  /** The feasible point that the residual is about. */
  readonly candidate: Float64Array
  /** What the oracle draws from, if it draws. */
  readonly streams: ReadonlyArray<RandomStream.RandomStream>
  steps: number
  /** Calls of the oracle. */
  evaluations: number
  /** `diverged` once an answer was not finite; the state is then that of the step before. */
  status: "running" | "diverged"
}

/** The length of the steps of a method. */
export interface StepOptions {
  readonly step: number
}

/** What the states of all methods begin with: at the feasible point next to `start`, with room for an answer of the oracle. */
export const stateAt = (operation: string, problem: Problem, start: Float64Array) => {
  const point = startAt(operation, problem, start)
  return {
    problem,
    point,
    candidate: point,
    average: Average.make(point.length),
    answer: vectorOf(problem),
    residual: Number.POSITIVE_INFINITY,
    streams: problem.streams ?? [],
    steps: 0,
    evaluations: 0,
    status: "running" as SchemeState["status"],
  }
}

/** A copy where the problem keeps its vectors. */
export const copyOf = (problem: Problem, vector: Float64Array): Float64Array => {
  const copy = vectorOf(problem)
  copy.set(vector)
  return copy
}
