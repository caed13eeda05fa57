/** A callback of `fit` that measures the curvature of the loss after every epoch. */
import { type Reading, monitor } from "@nonconvex/flat-minima"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import type * as tf from "@tensorflow/tfjs"
import type { SharpnessAwareOptimizer } from "../optimizer/SharpnessAwareOptimizer.ts"
import type { TensorObjective } from "../objective/TensorObjective.ts"

export interface SharpnessLogOptions {
  /** Number of epochs between two measurements; default 1. */
  readonly every?: number
  readonly seed?: Seed.Seed
  /** Relative standard error at which products for the trace stop; default 0.1. */
  readonly relativeError?: number
  /** Hessian-vector products for the trace, two gradients each; default 30. */
  readonly maxProducts?: number
  /** Optimizer of the model, whose steps reveal the curvature along their perturbations. */
  readonly optimizer?: SharpnessAwareOptimizer
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

export interface SharpnessLog {
  /** Callback for the list `callbacks` of `fit`. */
  readonly onEpochEnd: NonNullable<tf.CustomCallbackArgs["onEpochEnd"]>
  /** By epoch; `telemetry` belongs to the last step of the epoch. */
  readonly readings: ReadonlyArray<
    Reading & { readonly epoch: number; readonly directionalSharpness?: number }
  >
}

/**
 * Logs `trace`, `traceError`, `topEigenvalue`, `topEigenvalueResidual` and, given the optimizer, `directionalSharpness` and
 * `sharpnessGap`, of `objective` at the weights after each epoch. They appear in the history that `fit` returns.
 *
 * Use an objective over a fixed part of the data, since all of it is measured. Throws InvalidInput on a bad number.
 *
 * @example
 * ```ts import.meta.vitest
 * import { functionObjective, sharpnessLog } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const w = tf.variable(tf.tensor1d([1, 2]))
 * const objective = functionObjective(() => w.square().sum(), [w])
 * const log = sharpnessLog(objective)
 * // model.fit(x, y, { callbacks: [log] }) calls it like this
 * const logs: tf.Logs = {}
 * await log.onEpochEnd(0, logs)
 * logs["topEigenvalue"] // ≈ 2.00
 * ```
 */
export const sharpnessLog = (
  objective: TensorObjective,
  options: SharpnessLogOptions = {},
): SharpnessLog => {
  const { every = 1, maxProducts = 30, optimizer, relativeError = 0.1 } = options
  Require.count("sharpnessLog", "every", every)
  const watch = monitor(objective, {
    seed: options.seed ?? Seed.root("tensorflow").child("sharpness"),
    relativeError,
    maxProducts,
    tolerance: 1e-2,
    ...(options.kernels !== undefined && { kernels: options.kernels }),
  })
  const readings: Array<SharpnessLog["readings"][number]> = []
  return {
    readings,
    onEpochEnd: (epoch, logs) => {
      if ((epoch + 1) % every !== 0) return
      const reading = watch.read(objective.read())
      const steps = optimizer?.telemetry()
      readings.push({
        ...reading,
        epoch,
        ...(steps !== undefined && { directionalSharpness: steps.directionalSharpness }),
      })
      if (logs === undefined) return
      logs["trace"] = reading.trace.estimate
      logs["traceError"] = reading.trace.standardError
      logs["topEigenvalue"] = reading.topEigenvalue
      logs["topEigenvalueResidual"] = reading.topEigenvalueResidual
      if (steps === undefined) return
      logs["directionalSharpness"] = steps.directionalSharpness
      logs["sharpnessGap"] = steps.sharpnessGap
    },
  }
}
