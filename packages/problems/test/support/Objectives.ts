/** Objectives for tests: one that counts, one that fails on command, one whose gradient has a chosen size. */
import type { Objective } from "../../src/index.ts"

export interface Counted {
  readonly objective: Objective
  readonly points: ReadonlyArray<Float64Array>
}

/** The objective, and the points at which its gradient was taken. */
export const counted = (objective: Objective): Counted => {
  const points: Array<Float64Array> = []
  return {
    points,
    objective: {
      ...objective,
      descend: undefined,
      valueAndGradient: (x: Float64Array, gradient: Float64Array) => {
        points.push(x.slice())
        return objective.valueAndGradient(x, gradient)
      },
    },
  }
}

/** What the failing evaluation returns and writes into component 0. */
export interface Failure {
  readonly value?: number
  readonly component?: number
}

/** Fails at evaluation number `at`, counted from 1, and works at all others. */
export const failing = (objective: Objective, at: number, failure: Failure): Objective => {
  let evaluations = 0
  return {
    ...objective,
    descend: undefined,
    valueAndGradient: (x, gradient) => {
      const value = objective.valueAndGradient(x, gradient)
      if (++evaluations !== at) return value
      if (failure.component !== undefined) gradient[0] = failure.component
      return failure.value ?? value
    },
  }
}

/** A linear function: its gradient is the same everywhere. */
export const linear = (...slope: ReadonlyArray<number>): Objective => ({
  name: "linear",
  dimension: slope.length,
  constants: {},
  valueAndGradient: (x, gradient) => {
    gradient.set(slope)
    return slope.reduce((sum, s, i) => sum + s * x[i]!, 0)
  },
})
