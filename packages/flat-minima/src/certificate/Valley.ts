/** Flatness residual without a gap in the spectrum: directions of small curvature replace the tangent space of the minima. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Operator from "@nonconvex/numerics/Operator"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Tridiagonal from "@nonconvex/numerics/Tridiagonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import type { Objective } from "@nonconvex/problems/Objective"
import {
  defaultStep,
  estimateGradientOfTrace,
  gradientOfTrace,
} from "../flatness/GradientOfTrace.ts"
import { confidence, estimateResidual } from "../flatness/Residual.ts"

/** Lower and upper bound. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

interface Options {
  readonly pairs: number
  /** Largest curvature that counts as the valley floor. */
  readonly cut: number
  /** The bounds are refined only if a first upper bound exceeds this. */
  readonly tolerance: number
  readonly steps?: number
  readonly seed: Seed.Seed
  readonly kernels: Kernels.Kernels
}

/** Factor by which the number of pairs may grow if a first estimate is inconclusive. */
const affordable = 10

/** Gradient of the trace and a bound on the length of its error: by formula, by all directions, or by random ones. */
const gradientWithNoise = (
  objective: Objective,
  point: Float64Array,
  pairs: number,
  isFew: boolean,
  seed: Seed.Seed,
): { readonly gradient: Float64Array; readonly noise: number } => {
  if (objective.hessianTrace !== undefined) {
    const gradient = new Float64Array(point.length)
    objective.hessianTrace.gradient(point, gradient)
    return { gradient, noise: 0 }
  }
  if (isFew) {
    const step = defaultStep(point)
    const gradient = gradientOfTrace(objective, point, { step })
    const coarse = gradientOfTrace(objective, point, { step: 2 * step })
    return { gradient, noise: Vector.distance(gradient, coarse) }
  }
  const found = estimateGradientOfTrace(objective, point, { pairs, seed: seed.child("whole") })
  return { gradient: found.estimate.slice(), noise: confidence * Vector.norm(found.standardError) }
}

/** Default number of Lanczos steps from the gradient of the trace. */
const defaultSteps = 200

/**
 * Lower and upper bounds on the share of |v|^2 along eigenvectors with curvature at most `cut` in absolute value. They come from
 * the Ritz values and residuals of `steps` Lanczos steps from v.
 */
export const sharesBelow = (
  operator: Operator.Operator,
  v: Float64Array,
  cut: number,
  kernels: Kernels.Kernels,
  steps = defaultSteps,
): Bounds => {
  const n = v.length
  let [before, now, next] = [new Float64Array(n), v.slice(), new Float64Array(n)]
  if (Vector.normalise(now) === 0) return { low: 0, high: 0 }
  const diagonal: Array<number> = []
  const off: Array<number> = []
  let beta = 0
  while (diagonal.length < Math.min(n, steps)) {
    operator(now, next)
    Vector.axpy(-beta, before, next)
    const alpha = Vector.dot(now, next)
    Vector.axpy(-alpha, now, next)
    diagonal.push(alpha)
    beta = Vector.normalise(next)
    // what is left of an invariant space is rounding
    if (beta <= 1e-12 * Math.max(...diagonal.map(Math.abs))) beta = 0
    if (beta === 0) break
    off.push(beta)
    ;[before, now, next] = [now, next, before]
  }
  const m = diagonal.length
  const { values, vectors } = Tridiagonal.eigen(
    Float64Array.from(diagonal),
    Float64Array.from(off.slice(0, m - 1)),
    kernels,
  )
  let [low, high] = [0, 0]
  for (let k = 0; k < m; k++) {
    const weight = Elementary.square(vectors[k * m]!)
    const error = beta * Math.abs(vectors[k * m + m - 1]!)
    const size = Math.abs(values[k]!)
    if (size + error <= cut) low += weight
    if (size - error <= cut) high += weight
  }
  return { low, high: Math.min(1, high) }
}

/**
 * Bounds on `|P grad tr Hess| / d`, where P projects onto the directions with curvature at most `cut` in absolute value. The
 * length of the whole gradient is a first upper bound, and suffices if it meets the tolerance.
 */
export const residualBounds = (
  objective: Objective,
  point: Float64Array,
  { cut, kernels, pairs, seed, steps, tolerance }: Options,
): Bounds => {
  const n = point.length
  const isFew = n <= affordable * pairs
  if (objective.hessianTrace === undefined && !isFew) {
    const all = { apply: () => undefined }
    const { estimate, standardError } = estimateResidual(objective, point, all, { pairs, seed })
    const high = estimate + confidence * standardError
    if (!(high > tolerance)) return { low: 0, high }
  }
  const { gradient, noise } = gradientWithNoise(objective, point, affordable * pairs, isFew, seed)
  const high = (Vector.norm(gradient) + noise) / n
  if (!(high > tolerance)) return { low: 0, high }
  const product = HessianVector.of(objective)
  const shares = sharesBelow((v, out) => product(point, v, out), gradient, cut, kernels, steps)
  const size = Vector.norm(gradient)
  return {
    low: Math.max(0, size * Math.sqrt(shares.low) - noise) / n,
    high: Math.min(high, (size * Math.sqrt(shares.high) + noise) / n),
  }
}
