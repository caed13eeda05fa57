import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { type Problem, startAt, vectorOf } from "../problem/Problem.ts"
import * as Average from "./Average.ts"

/**
 * First-order method for monotone operators: a `Method` on a `Problem`, with a residual.
 *
 * `init` projects the start onto the set. It throws InvalidInput on a wrong length and on non-finite numbers, and ArenaFull if
 * the problem's workspace is full. `step` returns NaN, because a game has no loss.
 */
export interface Scheme<State extends SchemeState = SchemeState> extends Method<State, Problem> {
  /**
   * Residual of the candidate, without the oracle's error. If the operator is r-strongly monotone, its solution is within
   * `(residual + error) / r` of the candidate (see Theory.distanceFromResidual). Infinity before the first step.
   */
  residual(state: State): number
  /** Twin of a `Method`, which also supports limits on its steps. */
  readonly twin?: LimitedTwin<State> | undefined
}

type LimitedTwin<State extends SchemeState> = Taking<State>["take"]

// a method signature, as that of `step`: a method whose state has more fields is a method too
interface Taking<State extends SchemeState> {
  take(
    states: ReadonlyArray<State>,
    steps: number,
    kernels?: Kernels,
    until?: number | Limits,
  ): number
}

/** Limits of a twin: it takes no step that reaches one of them. */
export interface Limits {
  /** A residual that no run exceeds. */
  readonly until?: number
  /** Step of extragradient with `<V(w) - V(z), w - z> < modulus |w - z|^2 - doubt |w - z|`. */
  readonly monotone?: { readonly modulus: number; readonly doubt: number }
  /**
   * Residual of the variational inequality at a candidate, `max over z' of V(w)^T (w - z')`, which with `slack` is at most
   * `accuracy`.
   */
  readonly certified?: { readonly slack: number; readonly accuracy: number }
  /** Not a limit: receives the best candidate of one run among those with a residual of at most `goal`. */
  readonly best?: { residual: number; readonly point: Float64Array; readonly goal: number }
}

/** State of a method; a restored copy continues bit for bit. `diverged` leaves it unchanged. */
export interface SchemeState extends MethodState {
  readonly problem: Problem
  /** Average over the points in the method's theory: the iterates before each step, or the half steps. */
  readonly average: Average.Average
  /** The feasible point at which the residual is taken. */
  readonly candidate: Float64Array
  /** Streams from which the oracle draws, if any. */
  readonly streams: ReadonlyArray<RandomStream.RandomStream>
  /** Calls of the oracle. */
  evaluations: number
}

/** The length of the steps of a method. */
export interface StepOptions {
  readonly step: number
}

/** Initial state of every method: at the feasible point next to `start`, with room for an answer of the oracle. */
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

/** Copy in the memory of the problem's vectors. */
export const copyOf = (problem: Problem, vector: Float64Array): Float64Array => {
  const copy = vectorOf(problem)
  copy.set(vector)
  return copy
}
