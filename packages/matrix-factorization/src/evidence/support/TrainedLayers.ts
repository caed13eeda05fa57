import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Subject } from "./Subject.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

/** Five steps, short enough that rounding is not blown up. */
const descend = (objective: Objective, start: Float64Array, learningRate: number): Float64Array => {
  const point = start.slice()
  const gradient = new Float64Array(point.length)
  for (let step = 0; step < 5; step++) {
    objective.valueAndGradient(point, gradient)
    Vector.axpy(-learningRate / (1 + Vector.norm(gradient)), gradient, point)
  }
  return point
}

const learningRate = 0.05

/** End of the descent on the subject's objective. */
export const trained = (
  subject: Subject,
  measurements: Measurements,
  targets: Float64Array,
  widths: ReadonlyArray<number>,
  x: Float64Array,
): Float64Array => descend(subject.objective(measurements, targets, widths), x, learningRate)
