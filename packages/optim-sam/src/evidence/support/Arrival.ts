import { Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Observe from "./Observe.ts"

/** Margin of "the method comes within `goal` of the origin in `budget` steps": the unused part of the budget. */
export const arrival = (
  method: Method,
  objective: Objective,
  start: Float64Array,
  { budget, goal }: { readonly budget: number; readonly goal: number },
): Margin.Comparison => {
  let distance = Number.POSITIVE_INFINITY
  let steps = 0
  Observe.follow(method, objective, start, Math.ceil(budget), (point, t) => {
    distance = Vector.norm(point)
    steps = t
    return distance <= goal ? "stop" : undefined
  })
  return distance <= goal ? Margin.atMost(steps, Math.ceil(budget)) : Margin.atMost(distance, goal)
}
