/**
 * Dyson Brownian motion of eigenvalues, d x_i = sqrt(2 v / beta) dB_i + v sum_{j != i} dt / (x_i - x_j), by implicit Euler.
 *
 * A step minimises |x - y|^2 / 2 - h v sum_{i<j} log(x_i - x_j) over ordered x, where y is the previous point plus the
 * noise. The function is strictly convex, so the step succeeds where explicit Euler lets eigenvalues collide. In gap
 * coordinates the step is the inverse of an M-matrix. Lemma 3 (ordered initial gaps stay ordered under the same noise)
 * therefore holds for it exactly, on each path (derived here).
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as NoiseEnsemble from "../theory/NoiseEnsemble.ts"

/** A path of the eigenvalues, advanced in place by `step`. */
export interface DysonBrownianMotion {
  readonly dimension: number
  readonly beta: NoiseEnsemble.Beta
  /** v per unit of time. */
  readonly variance: number
  readonly timeStep: number
  /** Descending. */
  readonly position: Float64Array
  steps: number
  /** Largest |gradient| at the end of the last step. */
  residual: number
  readonly work: {
    readonly target: Float64Array
    readonly gradient: Float64Array
    readonly direction: Float64Array
    readonly trial: Float64Array
    readonly hessian: Float64Array
  }
}

/** The noise of a path, and the length of its steps. */
export interface Options {
  readonly beta: NoiseEnsemble.Beta
  /** v per unit of time; default 2 beta, the value for W + W^*. */
  readonly variance?: number
  readonly timeStep: number
}

/** A flow from a descending start, ties allowed. Throws InvalidInput on a start that is not descending and on bad options. */
export const make = (start: Float64Array, options: Options): DysonBrownianMotion => {
  const { beta, timeStep, variance = NoiseEnsemble.ensembleVariance(beta, 1) } = options
  Require.positive("DysonBrownianMotion.make", "timeStep", timeStep)
  Require.positive("DysonBrownianMotion.make", "variance", variance)
  const n = start.length
  const position = start.slice()
  for (let i = 0; i < n; i++) {
    if (!(i === 0 || start[i]! <= start[i - 1]!) || !Number.isFinite(start[i]!)) {
      invalid("DysonBrownianMotion.make", "the start must be finite and descending", { index: i })
    }
  }
  return {
    dimension: n,
    beta,
    variance,
    timeStep,
    position,
    steps: 0,
    residual: 0,
    work: {
      target: new Float64Array(n),
      gradient: new Float64Array(n),
      direction: new Float64Array(n),
      trial: new Float64Array(n),
      hessian: new Float64Array(n * n),
    },
  }
}

/** The convex function of a step; infinite where the order is lost. */
const objective = (x: Float64Array, target: Float64Array, weight: number): number => {
  let value = 0
  for (let i = 0; i < x.length; i++) {
    const off = x[i]! - target[i]!
    value += 0.5 * off * off
    for (let j = i + 1; j < x.length; j++) {
      const gap = x[i]! - x[j]!
      if (!(gap > 0)) return Number.POSITIVE_INFINITY
      value -= weight * Elementary.log(gap)
    }
  }
  return value
}

/** Fills gradient and Hessian; returns the largest |gradient|. */
const differentiate = (flow: DysonBrownianMotion, weight: number): number => {
  const { dimension: n, position: x, work } = flow
  const { gradient, hessian, target } = work
  let largest = 0
  hessian.fill(0)
  for (let i = 0; i < n; i++) {
    // two statements: V8 makes arrays of a pair here
    let slope = x[i]! - target[i]!
    let curvature = 1
    for (let j = 0; j < n; j++) {
      if (j === i) continue
      const inverse = 1 / (x[i]! - x[j]!)
      slope -= weight * inverse
      curvature += weight * inverse * inverse
      hessian[i * n + j] = -weight * inverse * inverse
    }
    gradient[i] = slope
    hessian[i * n + i] = curvature
    largest = Math.max(largest, Math.abs(slope))
  }
  return largest
}

/** Solves hessian direction = -gradient by Cholesky, in place. */
const newton = ({ dimension: n, work }: DysonBrownianMotion): void => {
  const { direction, gradient, hessian: a } = work
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = -gradient[i]!
    for (let k = 0; k < i; k++) sum -= a[i * n + k]! * direction[k]!
    direction[i] = sum / a[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = direction[i]!
    for (let k = i + 1; k < n; k++) sum -= a[k * n + i]! * direction[k]!
    direction[i] = sum / a[i * n + i]!
  }
}

/** Step length: 0.95 times the largest multiple of the direction that keeps the order, at most 1. */
const stepLength = (x: Float64Array, direction: Float64Array): number => {
  let length = 1
  for (let i = 0; i + 1 < x.length; i++) {
    const closing = direction[i + 1]! - direction[i]!
    if (closing > 0) length = Math.min(length, (0.95 * (x[i]! - x[i + 1]!)) / closing)
  }
  return length
}

/** Advances one time step with the given standard normals, one per eigenvalue; allocates nothing. */
export const step = (flow: DysonBrownianMotion, normals: Float64Array): void => {
  const { beta, dimension: n, position: x, timeStep, variance, work } = flow
  const { direction, target, trial } = work
  const weight = timeStep * variance
  const scale = NoiseEnsemble.isometricScale(beta, variance) * Math.sqrt(timeStep)
  const spread = Math.sqrt(weight)
  for (let i = 0; i < n; i++) target[i] = x[i]! + scale * normals[i]!
  for (let i = 1; i < n; i++) if (!(x[i]! < x[i - 1]!)) x[i] = x[i - 1]! - spread
  let size = 1
  for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(target[i]!))
  let last = Number.POSITIVE_INFINITY
  for (let iteration = 0; iteration < 100; iteration++) {
    flow.residual = differentiate(flow, weight)
    if (flow.residual <= 1e-14 * size) break
    // rounding keeps it from going down further
    if (flow.residual < 1e-9 * size && flow.residual >= last) break
    last = flow.residual
    newton(flow)
    let length = stepLength(x, direction)
    // near the minimum the objective cannot tell its last digits: there the Newton step is taken whole
    const value = objective(x, target, weight)
    const before = value + 1e-14 * (1 + Math.abs(value)) * n
    for (let halving = 0; halving < 60; halving++) {
      for (let i = 0; i < n; i++) trial[i] = x[i]! + length * direction[i]!
      if (objective(trial, target, weight) <= before) break
      length *= 0.5
    }
    x.set(trial)
  }
  flow.steps++
}
