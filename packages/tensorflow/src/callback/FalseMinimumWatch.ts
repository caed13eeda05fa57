/** A callback of `fit` that warns if a sharpness-aware optimizer rests at a point that is not a minimum. */
import * as Require from "@nonconvex/numerics/Require"
import { falseMinimumGuard, type FalseMinimumOptions, seesFalseMinimum } from "@nonconvex/optim-sam"
import type * as tf from "@tensorflow/tfjs"
import type { SharpnessAwareOptimizer } from "../optimizer/SharpnessAwareOptimizer.ts"

/** Gradients of a step at which only the perturbed gradient vanishes. */
export interface FalseMinimum {
  /** The batch after which it was seen, counted from 0 over all epochs. */
  readonly step: number
  readonly gradientNorm: number
  readonly perturbedGradientNorm: number
}

export interface FalseMinimumWatchOptions extends FalseMinimumOptions {
  /** Called with each warning as it is made: set the radius to 0 for a few steps, or stop. */
  readonly onWarning?: (warning: FalseMinimum) => void
}

export interface FalseMinimumWatch {
  /** Callback for the list `callbacks` of `fit`. */
  readonly onBatchEnd: NonNullable<tf.CustomCallbackArgs["onBatchEnd"]>
  /** One warning per streak of such steps, issued when the streak reaches the patience. */
  readonly warnings: ReadonlyArray<FalseMinimum>
  /** Tests whether the last steps are such a streak. */
  readonly isSuspect: () => boolean
}

/**
 * Watches both gradients of each step of `optimizer` with the guard of optim-sam. It warns after `patience` (default 10)
 * consecutive steps whose gradient is at least `factor` (default 100) times as long as the perturbed one.
 *
 * The gradients belong to the batch. It costs two norms per batch. Throws InvalidInput on invalid numbers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { falseMinimumWatch, usam } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const w = tf.variable(tf.scalar(1))
 * const optimizer = usam(tf.train.sgd(0.1), { radius: 1 })
 * const watch = falseMinimumWatch(optimizer, { patience: 3 })
 * for (let batch = 0; batch < 3; batch++) {
 *   optimizer.minimize(() => w.square().mul(-0.5) as tf.Scalar, false, [w]) // its steps stop, though the loss has no minimum
 *   void watch.onBatchEnd(batch)
 * }
 * watch.warnings // => [{ step: 2, gradientNorm: 1, perturbedGradientNorm: 0 }]
 * ```
 */
export const falseMinimumWatch = (
  optimizer: SharpnessAwareOptimizer,
  options: FalseMinimumWatchOptions = {},
): FalseMinimumWatch => {
  const { factor = 100, onWarning, patience = 10 } = options
  Require.positive("falseMinimumWatch", "factor", factor)
  Require.count("falseMinimumWatch", "patience", patience)
  const guard = falseMinimumGuard()
  const warnings: Array<FalseMinimum> = []
  let step = 0
  let suspect = false
  return {
    warnings,
    isSuspect: () => suspect,
    onBatchEnd: () => {
      const last = optimizer.telemetry()
      if (last !== undefined) {
        const { gradientNorm, perturbedGradientNorm } = last
        const before = suspect
        suspect = seesFalseMinimum(guard, gradientNorm, perturbedGradientNorm, { factor, patience })
        if (suspect && !before) {
          const warning = { step, gradientNorm, perturbedGradientNorm }
          warnings.push(warning)
          onWarning?.(warning)
        }
      }
      step++
    },
  }
}
