import type { Kernels } from "@nonconvex/numerics/Kernels"
import type { Objective } from "./Objective.ts"

/** A method is its state and its step: the text of the algorithm. */
export interface Method<State extends MethodState = MethodState, Problem = Objective> {
  readonly name: string
  /** Prepares a state at `start`, which is copied. All memory that `step` needs is allocated here. */
  init(problem: Problem, start: Float64Array): State
  /** Advances `state` in place by one step and returns the loss before the step. Allocates nothing. */
  step(state: State): number
  /** A bound on how far the state is from solving the problem, where the method has one. */
  residual?(state: State): number
  /**
   * Many steps in one call, in less time; see `Twin`. A method with another `step` must drop it: `{ ...method, step, twin:
   * undefined }`.
   */
  readonly twin?: Twin<State> | undefined
}

/** Every method's state has this; whatever else decides the next step is in its own fields, as data. */
export interface MethodState {
  readonly point: Float64Array
  /** Steps taken. */
  steps: number
  /** `diverged` after a loss or gradient was not finite; `point` is then the point at which that happened. */
  status: "running" | "diverged"
}

/**
 * Takes up to `steps` steps of each state, all with status "running", and returns the number of steps; 0 if it does not
 * support the problem. With `until`, it takes no step after which every residual is at most that. Without given kernels it
 * uses those of the problem, or the strict kernels of the thread.
 *
 * It leaves each state with the same bits as that many calls of `step`, except for data that every further step overwrites.
 * `advance` therefore takes the last step by `step`.
 */
export type Twin<State extends MethodState = MethodState> = Taking<State>["take"]

// a method signature, as that of `step`: a method whose state has more fields is a method too
interface Taking<State extends MethodState> {
  take(states: ReadonlyArray<State>, steps: number, kernels?: Kernels, until?: number): number
}
