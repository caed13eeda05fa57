/** Observers of a method from outside, so that the laws apply to any implementation. */
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"

/** Points at which `method` takes its gradients in one step from `start`, as copies. */
const evaluations = (method: Method, objective: Objective, start: Float64Array) => {
  const points: Array<Float64Array> = []
  const watched: Objective = {
    ...objective,
    descend: undefined,
    valueAndGradient: (x, gradient) => {
      points.push(x.slice())
      return objective.valueAndGradient(x, gradient)
    },
  }
  method.step(method.init(watched, start))
  return points
}

/** Point of the last gradient of one step: the perturbed point, or the point itself if there was no second gradient. */
export const perturbed = (
  method: Method,
  objective: Objective,
  start: Float64Array,
): Float64Array => evaluations(method, objective, start).at(-1) ?? start

/** Calls `visit` with the current point after 0, 1, ..., `steps` steps, until it returns a stop. */
export const follow = (
  method: Method,
  objective: Objective,
  start: Float64Array,
  steps: number,
  visit: (point: Float64Array, t: number) => "stop" | undefined,
): void => {
  const state = method.init(objective, start)
  if (visit(state.point, 0) === "stop") return
  for (let t = 1; t <= steps; t++) {
    method.step(state)
    if (visit(state.point, t) === "stop") return
  }
}

/** The point after `steps` steps from `start`. */
export const after = (method: Method, objective: Objective, start: Float64Array, steps: number) => {
  const state = method.init(objective, start)
  for (let t = 0; t < steps; t++) method.step(state)
  return state.point
}

/** The gradient at a point, in a new array. */
export const gradientAt = (objective: Objective, point: Float64Array): Float64Array => {
  const gradient = new Float64Array(objective.dimension)
  objective.valueAndGradient(point, gradient)
  return gradient
}

export const lossAt = (objective: Objective, point: Float64Array): number =>
  objective.valueAndGradient(point, new Float64Array(objective.dimension))
