/** Objectives for tests: one that counts, one whose gradient has a chosen size. */
import type { Objective } from "@nonconvex/problems"

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
      valueAndGradient: (x: Float64Array, gradient: Float64Array) => {
        points.push(x.slice())
        return objective.valueAndGradient(x, gradient)
      },
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
