/** The flatness residual of a minimum: how much of the gradient of the trace lies along the minima. */
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
 * The flatness residual `|P grad tr Hess f| / d` at a minimum, where P is the projection onto the tangent space of the minima. It
 * is zero exactly at the flat minima (definition 2 as recalled). Takes 2 d gradients; the error of the differences is not
 * measured. Throws as `gradientOfTrace`.
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

/** Norm of the mean difference between one step and twice that step over the first pairs: three times the truncation error. */
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
 * The flatness residual from random signs, with its error bar, by 2 gradients a pair and 20 more; in memory for `pairs` vectors.
 *
 * The noise is subtracted from the square of the norm, so that it does not add to it. The error of a large estimate is that of the samples'
 * components along it. If the noise hides the estimate, the error is the root of the remaining noise in the square. The truncation error is
 * added. Throws as `estimateGradientOfTrace`.
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
