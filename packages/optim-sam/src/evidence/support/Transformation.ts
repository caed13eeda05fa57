/** Changes of variables and of units, as transformations of runs. */
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { basisOf } from "./RandomStronglyConvex.ts"
import { normals } from "./RandomLoss.ts"
import type { Transformation } from "./Symmetry.ts"

/** `v -> f(pull(v))` for a linear or affine `pull`; `push` is the transpose of its derivative. */
const composed = (
  objective: Objective,
  dimension: number,
  pull: (v: Float64Array) => Float64Array,
  push: (gradient: Float64Array) => Float64Array,
): Objective => ({
  name: objective.name,
  dimension,
  constants: {},
  valueAndGradient: (v, gradient) => {
    const inner = new Float64Array(objective.dimension)
    const value = objective.valueAndGradient(pull(v), inner)
    gradient.set(push(inner))
    return value
  },
})

const scaledBy =
  (factor: number) =>
  (point: Float64Array): Float64Array =>
    point.map((w) => factor * w)

/** `w -> Q w` for a random orthogonal Q. */
export const rotated: Transformation = (run, { problem }) => {
  const n = run.start.length
  const q = basisOf(problem.seed, n)
  const times = (v: Float64Array) => v.map((_, i) => Vector.dot(q.subarray(i * n, (i + 1) * n), v))
  const transposed = (v: Float64Array) =>
    v.map((_, j) => v.reduce((sum, value, i) => sum + q[i * n + j]! * value, 0))
  return {
    ...run,
    objective: composed(run.objective, n, transposed, times),
    start: times(run.start),
    image: times,
  }
}

/** `w -> -w`. */
export const reflected: Transformation = (run) => {
  const negative = scaledBy(-1)
  return {
    ...run,
    objective: composed(run.objective, run.start.length, negative, negative),
    start: negative(run.start),
    image: negative,
  }
}

/** `w -> w + b`, for a random b of size `strength`, and a constant added to the loss. */
export const translated: Transformation = (run, { problem, strength }) => {
  const offset = scaledBy(strength)(normals(problem.seed, "offset", run.start.length))
  const moved = (point: Float64Array) => point.map((w, i) => w + offset[i]!)
  const inner = composed(
    run.objective,
    run.start.length,
    (v) => v.map((w, i) => w - offset[i]!),
    (gradient) => gradient,
  )
  return {
    ...run,
    objective: { ...inner, valueAndGradient: (v, g) => strength + inner.valueAndGradient(v, g) },
    start: moved(run.start),
    image: moved,
  }
}

type Scale = (strength: number) => number

/** `L -> c L`, with `c` the strength, and its effect on the learning rate and the radius. */
export const lossUnits =
  (rate: Scale, radius: Scale): Transformation =>
  (run, { strength }) => ({
    objective: {
      ...run.objective,
      descend: undefined,
      valueAndGradient: (x, gradient) => {
        const value = run.objective.valueAndGradient(x, gradient)
        Vector.scale(strength, gradient)
        return strength * value
      },
    },
    start: run.start,
    learningRate: run.learningRate * rate(strength),
    radius: run.radius * radius(strength),
    image: (point) => point,
  })

/** `w -> s w`, with `s` the strength, and its effect on the learning rate and the radius. */
export const lengthUnits =
  (rate: Scale, radius: Scale): Transformation =>
  (run, { strength }) => ({
    objective: composed(
      run.objective,
      run.start.length,
      scaledBy(1 / strength),
      scaledBy(1 / strength),
    ),
    start: scaledBy(strength)(run.start),
    learningRate: run.learningRate * rate(strength),
    radius: run.radius * radius(strength),
    image: scaledBy(strength),
  })

/** `strength` independent copies of the problem, side by side. */
export const copied =
  (radius: Scale): Transformation =>
  (run, { strength: copies }) => {
    const n = run.start.length
    const repeated = (point: Float64Array) =>
      Float64Array.from({ length: copies * n }, (_, i) => point[i % n]!)
    return {
      objective: {
        name: "copies",
        dimension: copies * n,
        constants: {},
        valueAndGradient: (x, gradient) => {
          let value = 0
          for (let k = 0; k < copies; k++) {
            const [from, to] = [k * n, (k + 1) * n]
            value += run.objective.valueAndGradient(
              x.subarray(from, to),
              gradient.subarray(from, to),
            )
          }
          return value
        },
      },
      start: repeated(run.start),
      learningRate: run.learningRate,
      radius: run.radius * radius(copies),
      image: repeated,
    }
  }

/** `strength` further coordinates on which the loss does not depend. */
export const padded: Transformation = (run, { strength: added }) => {
  const n = run.start.length
  const extended = (point: Float64Array) =>
    Float64Array.from({ length: n + added }, (_, i) => (i < n ? point[i]! : i))
  const zeros = (gradient: Float64Array) =>
    Float64Array.from({ length: n + added }, (_, i) => (i < n ? gradient[i]! : 0))
  return {
    ...run,
    objective: composed(run.objective, n + added, (v) => v.subarray(0, n), zeros),
    start: extended(run.start),
    image: extended,
  }
}
