/** The trace of the Hessian, its gradient, and how far a minimum is from flat. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Estimate } from "./Estimate.ts"
import type { Projection } from "./TangentProjection.ts"

export type { Estimate } from "./Estimate.ts"

/** A vector estimate and the standard deviation of each component; zero where it is exact up to differences. */
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

/** The default step: it balances truncation and rounding `1e-16 |grad f| / step^2`, and no coordinate is large beside it. */
export const defaultStep = (x: Float64Array): number => 1e-2 * Math.max(1, Vector.maxAbs(x))

/**
 * `grad tr Hess f(x)` by second differences along the coordinates: 2 d gradients, error O(step^2), none for quartics (B1).
 *
 * The default step is 1e-2 times the largest coordinate, or 1e-2 where that is below 1; for a quartic 1e-1 is better. Throws
 * InvalidInput on a bad point or step.
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

interface Probing {
  readonly pairs: number
  readonly seed: Seed.Seed
  /** How far x is moved, whatever the dimension. */
  readonly step?: number
  /** Applied to every second difference, so that the errors are those of the projected vector. */
  readonly project?: (v: Float64Array) => void
}

/** Calls `visit` with the second difference along each of the random signs; what it is given is overwritten by the next. */
const eachPair = (
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

const requireProbing = (
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
 * `grad tr Hess f(x)` from random signs: the mean of second differences, 2 gradients a pair, with the error bar of each component.
 * The step is that of `gradientOfTrace`. Throws InvalidInput on a bad point or step, and on fewer than 2 pairs.
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

/**
 * The flatness residual `|P grad tr Hess f| / d` at a minimum, P the projection onto the tangent space of the minima: zero
 * exactly at the flat minima (definition 2 as recalled). By 2 d gradients; the error is that of the differences, not measured.
 */
export const residual = (
  objective: Objective,
  x: Float64Array,
  projection: Pick<Projection, "apply">,
  options: { readonly step?: number } = {},
): number => {
  const gradient = gradientOfTrace(objective, x, options)
  projection.apply(gradient)
  return Vector.norm(gradient) / x.length
}

/** Pairs at twice the step, which show the error of the differences. */
const coarse = 10

/** The norm of the mean difference between a step and twice that, over the first pairs: three times what the step leaves out. */
const truncation = (
  objective: Objective,
  x: Float64Array,
  probing: Probing,
  fine: ReadonlyArray<Float64Array>,
): number => {
  const { pairs, step = defaultStep(x) } = probing
  const few = Math.min(coarse, pairs)
  const mean = new Float64Array(x.length)
  eachPair(objective, x, { ...probing, pairs: few, step: 2 * step }, (sample, k) => {
    Vector.axpy(1 / few, sample, mean)
    Vector.axpy(-1 / few, fine[k]!, mean)
  })
  return Vector.norm(mean)
}

/** Standard errors by which a verdict must clear its tolerance, and over which an error bar must hold. */
export const confidence = 3

/** The error of the root of a square that is known to `error`: `confidence` of it reach the roots `confidence` errors away. */
const rootError = (square: number, error: number): number => {
  const [low, root, high] = [-confidence, 0, confidence].map((errors) =>
    Math.sqrt(Math.max(0, square + errors * error)),
  )
  return Math.max(root! - low!, high! - root!) / confidence
}

/**
 * The same from random signs, with its error bar, by 2 gradients a pair and 20 more; in memory for `pairs` vectors.
 *
 * The noise is subtracted from the square of the norm, so that it does not add to it. Where the estimate is large beside the noise
 * its error is that of the samples' components along it, and where the noise hides it the root of what is left of the noise in the
 * square. What the step leaves out is added. Throws as `estimateGradientOfTrace`.
 */
export const estimateResidual = (
  objective: Objective,
  x: Float64Array,
  projection: Pick<Projection, "apply">,
  options: { readonly pairs: number; readonly seed: Seed.Seed; readonly step?: number },
): Estimate => {
  const probing = { ...options, project: projection.apply }
  requireProbing("Flatness.estimateResidual", objective, x, probing)
  const { pairs } = options
  const samples: Array<Float64Array> = []
  const mean = new Float64Array(x.length)
  eachPair(objective, x, probing, (sample) => {
    samples.push(sample.slice())
    Vector.axpy(1 / pairs, sample, mean)
  })
  /** The variance of the mean, from what `deviation` measures of each sample. */
  const variance = (deviation: (sample: Float64Array) => number): number =>
    samples.reduce((sum, sample) => sum + deviation(sample) ** 2, 0) / (pairs - 1) / pairs
  const noise = variance((sample) => Vector.distance(sample, mean))
  const unit = mean.slice()
  const length = Vector.normalise(unit)
  const along = variance((sample) => Vector.dot(sample, unit) - length)
  const square = Math.max(0, length ** 2 - noise)
  // of the noise across the estimate the square keeps the deviation from its variance, which is subtracted
  const across = rootError(square, Math.sqrt(2 * along * Math.max(0, noise - along)))
  const error = Math.hypot(Math.sqrt(along), across) + truncation(objective, x, probing, samples)
  return { estimate: Math.sqrt(square) / x.length, standardError: error / x.length }
}

/** What definition 3 looks at. */
export interface Measured {
  /** `f(x) - f(Phi(x))`. */
  readonly lossGap: number
  /** `|dPhi grad trb|` at Phi(x). */
  readonly residual: number
}

/** (eps, eps')-flat: definition 3 (as recalled; its first inequality is believed to be on the loss). Throws InvalidInput on NaN. */
export const isFlat = (
  { lossGap, residual: r }: Measured,
  eps: number,
  epsPrime: number,
): boolean => {
  if (Number.isNaN(lossGap + r + eps + epsPrime)) {
    invalid("Flatness.isFlat", "no number may be NaN", { lossGap, residual: r, eps, epsPrime })
  }
  return lossGap <= eps && r <= epsPrime
}
