/** Flatness residual of a minimum: the part of the gradient of the trace along the minima. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Projection } from "../minima/TangentProjection.ts"
import type { Estimate } from "./Estimate.ts"
import {
  defaultStep,
  eachPair,
  gradientOfTrace,
  type Probing,
  requireProbing,
} from "./GradientOfTrace.ts"

/**
 * The flatness residual `|P grad tr Hess f| / d` at a minimum, where P is the projection onto the tangent space of the minima.
 * It is zero exactly at the flat minima (definition 2 as recalled). Takes 2 d gradients; the error of the differences is not
 * estimated. Throws like `gradientOfTrace`.
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

/** Pairs at twice the step, which estimate the error of the differences. */
const coarse = 10

/**
 * Norm of the mean difference between one step and twice that step over the first pairs, which is three times the truncation
 * error.
 */
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

/** Number of standard errors by which a verdict must clear its tolerance, and up to which an error bar must be valid. */
export const confidence = 3

/**
 * Error of the square root of a number with standard error `error`; `confidence` of it cover the roots of numbers `confidence`
 * errors away.
 */
const rootError = (square: number, error: number): number => {
  const [low, root, high] = [-confidence, 0, confidence].map((errors) =>
    Math.sqrt(Math.max(0, square + errors * error)),
  )
  return Math.max(root! - low!, high! - root!) / confidence
}

/**
 * The flatness residual from random signs, with its error bar; takes 2 gradients per pair plus 20, and memory for `pairs` vectors.
 *
 * The variance of the noise is subtracted from the squared norm, to remove its bias. For a large estimate the error comes from
 * the samples' components along it. If noise dominates the estimate, the error is the root of the remaining noise in the square.
 * The truncation error is added. Throws like `estimateGradientOfTrace`.
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
  /** Variance of the mean, from the deviation of each sample. */
  const variance = (deviation: (sample: Float64Array) => number): number =>
    samples.reduce((sum, sample) => sum + Elementary.square(deviation(sample)), 0) /
    (pairs - 1) /
    pairs
  const noise = variance((sample) => Vector.distance(sample, mean))
  const unit = mean.slice()
  const length = Vector.normalise(unit)
  const along = variance((sample) => Vector.dot(sample, unit) - length)
  const square = Math.max(0, length * length - noise)
  // of the noise across the estimate the square keeps the deviation from its variance, which is subtracted
  const across = rootError(square, Math.sqrt(2 * along * Math.max(0, noise - along)))
  const error =
    Elementary.hypot(Math.sqrt(along), across) + truncation(objective, x, probing, samples)
  return { estimate: Math.sqrt(square) / x.length, standardError: error / x.length }
}
