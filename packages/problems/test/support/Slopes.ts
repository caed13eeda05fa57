/**
 * Derivatives by five-point differences, for comparison with analytic ones.
 *
 * At the step 2e-5 the fourth-order truncation is far below rounding, which is about 1e-11 of the scale of what is differenced,
 * and kinks of ReLU are rarely between the points.
 */
import { Vector } from "@nonconvex/numerics"
import type { Objective } from "../../src/index.ts"

const step = 2e-5

export const gradientOf = (objective: Objective, x: Float64Array): Float64Array => {
  const gradient = new Float64Array(objective.dimension)
  objective.valueAndGradient(x, gradient)
  return gradient
}

export const valueOf = (objective: Objective, x: Float64Array): number =>
  objective.valueAndGradient(x, new Float64Array(objective.dimension))

export const hessianTimes = (
  objective: Objective,
  x: Float64Array,
  v: Float64Array,
): Float64Array => {
  const out = new Float64Array(objective.dimension)
  objective.hessianVector!(x, v, out)
  return out
}

/** The Hessian, row-major, from its products with the unit vectors. */
export const hessianOf = (objective: Objective, x: Float64Array): Float64Array => {
  const { dimension } = objective
  const h = new Float64Array(dimension * dimension)
  for (let i = 0; i < dimension; i++) {
    const unit = new Float64Array(dimension)
    unit[i] = 1
    h.set(hessianTimes(objective, x, unit), i * dimension)
  }
  return h
}

/** `a + t b`. */
export const along = (a: Float64Array, t: number, b: Float64Array): Float64Array =>
  a.map((value, i) => value + t * b[i]!)

/** The derivative at 0 of a function of one variable with values in a vector space. */
const derivative = (f: (t: number) => Float64Array): Float64Array => {
  const [far, near] = [2 * step, step].map((t) => along(f(t), -1, f(-t)))
  return near!.map((value, i) => (8 * value - far![i]!) / (12 * step))
}

export const gradientByDifferences = (objective: Objective, x: Float64Array): Float64Array =>
  x.map((center, i) => {
    const at = (t: number) => Float64Array.of(valueOf(objective, x.with(i, center + t)))
    return derivative(at)[0]!
  })

export const hessianTimesByDifferences = (
  objective: Objective,
  x: Float64Array,
  v: Float64Array,
): Float64Array => derivative((t) => gradientOf(objective, along(x, t, v)))

/** The distance of two vectors over the length of the second, or over 1 where that is shorter. */
export const error = (actual: Float64Array, expected: Float64Array): number =>
  Vector.distance(actual, expected) / Math.max(1, Vector.norm(expected))

interface Point {
  readonly objective: Objective
  readonly x: Float64Array
  readonly v: Float64Array
}

/** How far the gradient at x is off the slope of the value along v, by a central difference of step h, for what that can tell. */
export const slopeError = ({ objective, v, x }: Point, h: number): number => {
  const rise = valueOf(objective, along(x, h, v)) - valueOf(objective, along(x, -h, v))
  const slope = Vector.dot(gradientOf(objective, x), v)
  const scale = 1 + Math.abs(slope) + Vector.norm(v) ** 3
  return Math.abs(rise / (2 * h) - slope) / scale
}

/** The same of the Hessian-vector product, which is the slope of the gradient. */
export const curvatureError = ({ objective, v, x }: Point, h: number): number => {
  const [ahead, behind] = [h, -h].map((t) => gradientOf(objective, along(x, t, v)))
  const slope = along(ahead!, -1, behind!).map((rise) => rise / (2 * h))
  return error(hessianTimes(objective, x, v), slope) / (1 + Vector.norm(v) ** 3)
}
