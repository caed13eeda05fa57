import type { Objective } from "./Objective.ts"

/** A method is its state and its step. */
export interface Method<
  State extends MethodState = MethodState,
  Problem extends Objective = Objective,
> {
  readonly name: string
  /** Prepares a state at `start`, which is copied. All memory that `step` needs is allocated here. */
  init(objective: Problem, start: Float64Array): State
  /** Advances `state` in place by one step and returns the loss before the step. Allocates nothing. */
  step(state: State): number
}

/** What every method keeps; whatever else decides the next step is in its own fields, as data. */
export interface MethodState {
  readonly point: Float64Array
  /** Steps taken. */
  steps: number
  /** `diverged` once a loss or gradient was not finite; `point` is then the one at which it was not. */
  status: "running" | "diverged"
}
