/**
 * A function and a start at which a method attains its bound, interpolated from the solution of the semidefinite program. See A.
 * Taylor, J. Hendrickx, F. Glineur, 2017, and Y. Drori, A. Taylor, On the oracle complexity of smooth strongly convex
 * minimization, 2022.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Combination, Expression } from "../estimation/Expression.ts"
import { doubles } from "../estimation/Field.ts"
import { performanceEstimation } from "../estimation/PerformanceEstimation.ts"
import { type Estimate, type Options, worstCase } from "../estimation/WorstCase.ts"
import { InvalidMethod } from "../method/Failures.ts"
import type { Method } from "../method/Method.ts"
import * as SimplexQuadratic from "./SimplexQuadratic.ts"

/** The function, with its optimum (if any) at the origin, and the starts by name. */
export interface WorstInstance {
  readonly objective: Objective
  readonly starts: Readonly<Record<string, Float64Array>>
  readonly estimate: Estimate
}

/** A point with the value and gradient of the function there. */
interface Sample {
  readonly point: Float64Array
  readonly gradient: Float64Array
  readonly value: number
}

/** Largest length, relative to the longest, of directions that are dropped because all vectors are short along them. */
const negligible = 1e-9

/** Kind of the constructed functions by class: smooth, or piecewise linear, apart from the quadratic curvature term. */
const classes: Readonly<Record<string, "smooth" | "linear">> = {
  convex: "linear",
  "convex-lipschitz": "linear",
  "strongly-convex": "linear",
  "smooth-convex": "smooth",
  "smooth-strongly-convex": "smooth",
  smooth: "smooth",
}

/** Coordinates of the unknown vectors with given inner products, one row per vector. */
const coordinates = (
  gram: Float64Array,
  order: number,
  kernels: Kernels.Kernels,
): ReadonlyArray<Float64Array> => {
  const { values, vectors } = SymmetricEigen.eigen(gram, order, kernels)
  const largest = values[order - 1] ?? 0
  const kept = [...values.keys()].filter((j) => values[j]! > negligible * largest)
  return Array.from({ length: order }, (_, i) =>
    Float64Array.from(kept, (j) => Math.sqrt(values[j]!) * vectors[j * order + i]!),
  )
}

/** curvature |x|^2 / 2 + the largest of affine functions, with the slope of its sample; ties go to the nearest sample. */
const largestOfAffine = (samples: ReadonlyArray<Sample>, curvature: number) => {
  const scale = samples.reduce(
    (most, { gradient }) => Math.max(most, Vector.maxAbs(gradient)),
    1e-9,
  )
  return (x: Float64Array, gradient: Float64Array): number => {
    const values = samples.map(
      (s) => s.value + Vector.dot(s.gradient, x) - Vector.dot(s.gradient, s.point),
    )
    const largest = values.reduce((most, value) => Math.max(most, value), -Infinity)
    let chosen = -1
    values.forEach((value, i) => {
      if (value < largest - 1e-6 * scale) return
      const isNearer =
        chosen === -1 ||
        Vector.distance(samples[i]!.point, x) < Vector.distance(samples[chosen]!.point, x)
      if (isNearer) chosen = i
    })
    for (let i = 0; i < x.length; i++) {
      gradient[i] = samples[chosen]!.gradient[i]! + curvature * x[i]!
    }
    return largest + (curvature * Vector.dot(x, x)) / 2
  }
}

/**
 * curvature |x|^2 / 2 + the largest function of smoothness L - curvature through the samples: min over weights of L |x - sum
 * z|^2 / 2 + sum h.
 */
const envelope = (
  samples: ReadonlyArray<Sample>,
  curvature: number,
  smoothness: number,
  kernels: Kernels.Kernels,
) => {
  const n = samples.length
  const points = samples.map(({ gradient, point }) =>
    point.map((x, i) => x - gradient[i]! / smoothness),
  )
  const heights = samples.map(
    ({ gradient, value }) => value - Vector.dot(gradient, gradient) / (2 * smoothness),
  )
  const q = new Float64Array(n * n)
  points.forEach((a, i) =>
    points.forEach((b, j) => {
      q[i * n + j] = smoothness * Vector.dot(a, b)
    }),
  )
  return (x: Float64Array, gradient: Float64Array): number => {
    const c = Float64Array.from(heights, (h, i) => h - smoothness * Vector.dot(points[i]!, x))
    const weights = SimplexQuadratic.minimise(kernels, n, q, c)
    const off = x.slice()
    points.forEach((point, i) => Vector.axpy(-weights[i]!, point, off))
    for (let i = 0; i < x.length; i++) gradient[i] = smoothness * off[i]! + curvature * x[i]!
    const height = heights.reduce((sum, h, i) => sum + weights[i]! * h, 0)
    return (smoothness * Vector.dot(off, off)) / 2 + height + (curvature * Vector.dot(x, x)) / 2
  }
}

/**
 * The worst function that the solver found, for a method with one function of a class. It belongs to the class, and from its
 * start the method attains the bound up to the error of the solver. Throws the errors of `worstCase`, and InvalidMethod on
 * several functions, a set or an operator.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Methods, worstInstance } from "@nonconvex/worst-case"
 *
 * const f = { class: "smooth-convex", L: 1 }
 * const { objective, starts } = worstInstance(Methods.gradientDescent({ steps: 1, rate: 1, class: f }))
 * const x = starts["x"]!
 * const gradient = new Float64Array(objective.dimension)
 * objective.valueAndGradient(x, gradient)
 * for (let i = 0; i < x.length; i++) x[i] = x[i]! - gradient[i]!
 * objective.valueAndGradient(x, gradient) // ≈ 0.1667
 * ```
 */
export const worstInstance = (method: Method, options: Options = {}): WorstInstance => {
  const kernels = options.kernels ?? Kernels.standard()
  const estimate = worstCase(method, { ...options, kernels })
  const { functions, starts } = performanceEstimation(doubles, method)
  const [only, ...others] = functions
  const kind = only === undefined ? undefined : classes[only.given.class]
  if (only === undefined || kind === undefined || others.length > 0) {
    throw new InvalidMethod({
      place: "functions",
      problem: `a worst-case function is available for a single function of one of these classes: ${Object.keys(classes).join(", ")}`,
    })
  }
  const rows = coordinates(estimate.gram, estimate.vectors.length, kernels)
  const dimension = rows[0]?.length ?? 0
  const vector = (of: Combination<number>): Float64Array => {
    const out = new Float64Array(dimension)
    for (const [i, factor] of of) Vector.axpy(factor, rows[i]!, out)
    return out
  }
  const number = ({ constant, values }: Expression<number>): number =>
    [...values].reduce((sum, [i, factor]) => sum + factor * estimate.values[i]!.value, constant)
  const samples = only.samples.map((s) => ({
    point: vector(s.point),
    gradient: vector(s.gradient),
    value: number(s.value),
  }))
  const { L, mu } = only.constants
  const curvature = only.given.class === "smooth" ? -L : mu
  // without its curvature each is convex
  const flat = samples.map(({ gradient, point, value }) => ({
    point,
    gradient: gradient.map((g, i) => g - curvature * point[i]!),
    value: value - (curvature * Vector.dot(point, point)) / 2,
  }))
  const evaluate =
    kind === "smooth"
      ? envelope(flat, curvature, L - curvature, kernels)
      : largestOfAffine(flat, curvature)
  return {
    objective: {
      name: `worst case of ${method.name ?? "a method"}`,
      dimension,
      constants:
        kind === "smooth"
          ? { smoothness: { value: L, basis: "bound", because: "that of its class" } }
          : {},
      valueAndGradient: evaluate,
    },
    starts: Object.fromEntries([...starts].map(([name, start]) => [name, vector(start)])),
    estimate,
  }
}
