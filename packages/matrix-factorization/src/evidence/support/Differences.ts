/** Central differences of functions that are squares along every coordinate. */
import type { Objective } from "@nonconvex/problems/Objective"

/**
 * A step of central differences that is as large as the layers. Along a single coordinate the loss and T are squares, so
 * differences with any step are exact up to rounding. A large step rounds least.
 */
const step = 1

/** The trace by central differences of the gradient. */
export const traceByDifferences = (objective: Objective, x: Float64Array): number => {
  const [ahead, behind] = [new Float64Array(x.length), new Float64Array(x.length)]
  const point = x.slice()
  let trace = 0
  for (let i = 0; i < x.length; i++) {
    point[i] = x[i]! + step
    objective.valueAndGradient(point, ahead)
    point[i] = x[i]! - step
    objective.valueAndGradient(point, behind)
    point[i] = x[i]!
    trace += (ahead[i]! - behind[i]!) / (2 * step)
  }
  return trace
}

export const gradientByDifferences = (value: (point: Float64Array) => number, x: Float64Array) => {
  const point = x.slice()
  return x.map((_, i) => {
    point[i] = x[i]! + step
    const ahead = value(point)
    point[i] = x[i]! - step
    const behind = value(point)
    point[i] = x[i]!
    return (ahead - behind) / (2 * step)
  })
}
