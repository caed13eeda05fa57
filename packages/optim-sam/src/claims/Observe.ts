/** Ways to look at a method from outside, so that the laws apply to anybody's implementation. */
import type { Method, Objective } from "@nonconvex/problems"

/** The points at which `method` takes its gradients in one step from `start`, each a copy. */
export const evaluations = (
  method: Method,
  objective: Objective,
  start: Float64Array,
): ReadonlyArray<Float64Array> => {
  const points: Array<Float64Array> = []
  const watched: Objective = {
    ...objective,
    valueAndGradient: (x, gradient) => {
      points.push(x.slice())
      return objective.valueAndGradient(x, gradient)
    },
  }
  method.step(method.init(watched, start))
  return points
}

/** The point after `steps` steps from `start`. */
export const after = (
  method: Method,
  objective: Objective,
  start: Float64Array,
  steps: number,
): Float64Array => {
  const state = method.init(objective, start)
  for (let t = 0; t < steps; t++) method.step(state)
  return state.point
}
