import type { Schedule } from "./Schedule.ts"

/** A rule that turns a gradient into a move of the point: the common part of SGD, momentum and AdamW. */
export interface Update<State extends UpdateState = UpdateState> {
  readonly name: string
  readonly learningRate: Schedule
  /** The rate, if `apply` is `w <- w - rate g` with a constant rate; a twin may use it. */
  readonly constantRate?: number | undefined
  init(dimension: number): State
  /** Moves `point` in place. Reads `gradient` without changing it. Allocates nothing. */
  apply(state: State, point: Float64Array, gradient: Float64Array): void
}

/** State that every update keeps. */
export interface UpdateState {
  /** Updates applied so far; the learning rate of the next one is `learningRate(step)`. */
  step: number
}
