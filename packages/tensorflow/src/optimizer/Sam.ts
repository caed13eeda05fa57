/** The optimizers by their names in the literature: a perturbation over an optimizer of TensorFlow.js. */
import * as Perturbation from "@nonconvex/problems/Perturbation"
import type * as Schedule from "@nonconvex/problems/Schedule"
import type * as tf from "@tensorflow/tfjs"
import { SharpnessAwareOptimizer, type StepOptions } from "./SharpnessAwareOptimizer.ts"

export interface SamOptions extends StepOptions {
  /**
   * Radius of the perturbation; unit and default depend on the optimizer. `everyNth` and `latePhase` of optim-sam make
   * schedules.
   */
  readonly radius?: number | Schedule.Schedule
}

/**
 * Sharpness-aware minimisation over `optimizer` (Foret, Kleiner, Mobahi, Neyshabur 2021). The radius is in units of the weights; default
 * 0.05.
 *
 * @example
 * ```ts import.meta.vitest
 * import { sam } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const w = tf.variable(tf.tensor1d([2, 3]))
 * const optimizer = sam(tf.train.sgd(0.0625), { radius: 0.25 })
 * optimizer.minimize(() => w.square().sum(), false, [w])
 * Array.from(w.dataSync(), (value) => value.toFixed(3)) // => ["1.733", "2.599"]
 * ```
 */
export const sam = (
  optimizer: tf.Optimizer,
  { radius = 0.05, ...options }: SamOptions = {},
): SharpnessAwareOptimizer =>
  new SharpnessAwareOptimizer(optimizer, Perturbation.normalised(radius), options)

/** SAM without the normalisation (Andriushchenko and Flammarion 2022): the radius, default 0.05, multiplies the gradient. */
export const usam = (
  optimizer: tf.Optimizer,
  { radius = 0.05, ...options }: SamOptions = {},
): SharpnessAwareOptimizer =>
  new SharpnessAwareOptimizer(optimizer, Perturbation.unnormalised(radius), options)

/** Between USAM (`normalisation` 0) and SAM (1); see `Perturbation.unified` of optim-sam; default radius 0.05. */
export const unifiedSam = (
  optimizer: tf.Optimizer,
  {
    normalisation,
    radius = 0.05,
    ...options
  }: SamOptions & { readonly normalisation: number | Schedule.Schedule },
): SharpnessAwareOptimizer =>
  new SharpnessAwareOptimizer(optimizer, Perturbation.unified(radius, normalisation), options)

/** Adaptive SAM; the radius is relative to the weights, default 0.5; `offset` is that of `Perturbation.adaptive`. */
export const asam = (
  optimizer: tf.Optimizer,
  { offset, radius = 0.5, ...options }: SamOptions & { readonly offset?: number } = {},
): SharpnessAwareOptimizer =>
  new SharpnessAwareOptimizer(optimizer, Perturbation.adaptive(radius, offset), options)

/** SAM over a ball of the p-norm, `1 < p <= Infinity`; default radius 0.05. */
export const pNormSam = (
  optimizer: tf.Optimizer,
  { p, radius = 0.05, ...options }: SamOptions & { readonly p: number },
): SharpnessAwareOptimizer =>
  new SharpnessAwareOptimizer(optimizer, Perturbation.pNorm(radius, p), options)
