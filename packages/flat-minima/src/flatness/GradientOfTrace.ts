/** The gradient of the trace of the Hessian, by second differences of the gradient. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"

/** A vector estimate and the standard error of each component; zero if exact up to differences. */
export interface VectorEstimate {
  readonly estimate: Float64Array
  readonly standardError: Float64Array
  /** Antithetic pairs of gradients used. */
  readonly pairs: number
}

/** Adds to `out` the second difference `(grad f(x + h z) + grad f(x - h z) - 2 grad f(x)) / h^2`. */
const secondDifference = (
  objective: Objective,
  x: Float64Array,
  z: Float64Array,
  h: number,
  center: Float64Array,
  work: { readonly point: Float64Array; readonly gradient: Float64Array },
  out: Float64Array,
): void => {
  const { gradient, point } = work
  const scale = 1 / (h * h)
  for (let side = -1; side <= 1; side += 2) {
    for (let j = 0; j < x.length; j++) point[j] = x[j]! + side * h * z[j]!
    objective.valueAndGradient(point, gradient)
    for (let j = 0; j < x.length; j++) out[j]! += scale * (gradient[j]! - center[j]!)
  }
}

const workspace = (n: number) => ({ point: new Float64Array(n), gradient: new Float64Array(n) })

/**
 * Step that balances truncation against the rounding error `1e-16 |grad f| / step^2`, and stays visible beside the largest
 * coordinate.
 */
export const defaultStep = (x: Float64Array): number => 1e-2 * Math.max(1, Vector.maxAbs(x))

/**
 * `grad tr Hess f(x)` by second differences along the coordinates: 2 d gradients, error O(step^2), and none for quartics.
 *
 * `step` is in units of the parameters; default `1e-2 max(1, max |x_j|)`. For a quartic 1e-1 is better. Throws InvalidInput on a bad
 * point or step.
 */
export const gradientOfTrace = (
  objective: Objective,
  x: Float64Array,
  options: { readonly step?: number } = {},
): Float64Array => {
  Require.vector("Flatness.gradientOfTrace", "point", x, objective.dimension)
  const { step = defaultStep(x) } = options
  Require.positive("Flatness.gradientOfTrace", "step", step)
  const n = x.length
  const center = new Float64Array(n)
  objective.valueAndGradient(x, center)
  const out = new Float64Array(n)
  const unit = new Float64Array(n)
  const work = workspace(n)
  for (let i = 0; i < n; i++) {
    unit[i] = 1
    secondDifference(objective, x, unit, step, center, work, out)
    unit[i] = 0
  }
  return out
}

export interface Probing {
  readonly pairs: number
  readonly seed: Seed.Seed
  /** Length of the step from x, in any dimension; default as in `gradientOfTrace`. */
  readonly step?: number
  /** Applied to every second difference, so that the errors refer to the projected vector. */
  readonly project?: (v: Float64Array) => void
}

/** Calls `visit` with the second difference along each random sign vector; the next call overwrites its argument. */
export const eachPair = (
  objective: Objective,
  x: Float64Array,
  { pairs, project, seed, step = defaultStep(x) }: Probing,
  visit: (sample: Float64Array, k: number) => void,
): void => {
  const n = x.length
  const center = new Float64Array(n)
  objective.valueAndGradient(x, center)
  const work = workspace(n)
  const z = new Float64Array(n)
  const sample = new Float64Array(n)
  for (let k = 0; k < pairs; k++) {
    RandomStream.make(seed.child(k)).fillRademacher(z)
    sample.fill(0)
    secondDifference(objective, x, z, step / Math.sqrt(n), center, work, sample)
    project?.(sample)
    visit(sample, k)
  }
}

export const requireProbing = (
  operation: string,
  objective: Objective,
  x: Float64Array,
  { pairs, step = 1 }: Probing,
): void => {
  Require.vector(operation, "point", x, objective.dimension)
  Require.count(operation, "pairs", pairs, 2)
  Require.positive(operation, "step", step)
}

/**
 * `grad tr Hess f(x)` from random sign vectors: the mean of second differences, with the error bar of each component; 2
 * gradients a pair. The step is as in `gradientOfTrace`. Throws InvalidInput on a bad point or step, and on fewer than 2 pairs.
 */
export const estimateGradientOfTrace = (
  objective: Objective,
  x: Float64Array,
  options: Probing,
): VectorEstimate => {
  requireProbing("Flatness.estimateGradientOfTrace", objective, x, options)
  const { pairs } = options
  const mean = new Float64Array(x.length)
  const squares = new Float64Array(x.length)
  eachPair(objective, x, options, (sample, k) => {
    for (let j = 0; j < sample.length; j++) {
      const delta = sample[j]! - mean[j]!
      mean[j]! += delta / (k + 1)
      squares[j]! += delta * (sample[j]! - mean[j]!)
    }
  })
  return {
    estimate: mean,
    standardError: squares.map((sum) => Math.sqrt(sum / (pairs - 1) / pairs)),
    pairs,
  }
}
