/** Callback of `fit` that classifies each spike of the loss. */
import {
  type Diagnosis,
  type MonitorOptions,
  type Status,
  spikeMonitor,
} from "@nonconvex/catapults"
import type * as Operator from "@nonconvex/numerics/Operator"
import type * as tf from "@tensorflow/tfjs"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { preconditioned } from "../measure/Base.ts"
import type { TensorObjective } from "../objective/TensorObjective.ts"

export interface CatapultWatchOptions extends MonitorOptions {
  /**
   * Objective over a fixed part of the data, on which loss, gradient and curvature are measured after every batch. It costs
   * one gradient per batch, and more at the ends of a spike. Without it only the losses of the batches are available, so
   * that a diagnosis is a guess.
   */
  readonly objective?: TensorObjective
  /** Learning rate of the optimizer at this batch, counted from 0 over all epochs; needed for the critical rate. */
  readonly learningRate?: number | ((step: number) => number)
  /**
   * Divisors of the optimizer's steps by coordinate, `sqrt(v) + epsilon` for Adam: positive, in the order of the objective,
   * at the current weights. They determine the preconditioned curvature; for an optimizer whose divisors are not accessible,
   * set `steps: "preconditioned"`.
   */
  readonly divisors?: () => Float64Array
  /** Called with each diagnosis as it is made. */
  readonly onEvent?: (event: Diagnosis) => void
}

export interface CatapultWatch {
  /** These two go into the list `callbacks` of `fit`. */
  readonly onBatchEnd: NonNullable<tf.CustomCallbackArgs["onBatchEnd"]>
  readonly onTrainEnd: NonNullable<tf.CustomCallbackArgs["onTrainEnd"]>
  /** Events found so far. */
  readonly events: ReadonlyArray<Diagnosis>
  /** Current status: whether the run is above the stability limit, and by which measure. */
  readonly status: () => Status
}

/**
 * Watches a run with the monitor of catapults. Losses vary between batches: give `smoothing`, or an `objective`, whose loss
 * does not vary. Throws InvalidInput on options out of range; the callback throws it on a negative loss or learning rate.
 *
 * @example
 * ```ts import.meta.vitest
 * import { catapultWatch } from "@nonconvex/tensorflow"
 *
 * const watch = catapultWatch()
 * // model.fit(x, y, { callbacks: [watch] }) calls it like this
 * const losses = [4, 2, 1, 3, 9, 20, 2, 0.9, 0.8]
 * losses.forEach((loss, batch) => void watch.onBatchEnd(batch, { loss }))
 * watch.events.map(({ kind, spike }) => [kind, spike.peak]) // => [["unresolved", 5]]
 * ```
 */
export const catapultWatch = (options: CatapultWatchOptions = {}): CatapultWatch => {
  const { divisors, learningRate, objective, onEvent } = options
  const monitor = spikeMonitor(
    divisors === undefined ? options : { ...options, steps: "preconditioned" },
  )
  const events: Array<Diagnosis> = []
  const found = (event: Diagnosis | undefined): void => {
    if (event === undefined) return
    events.push(event)
    onEvent?.(event)
  }
  const point = new Float64Array(objective?.dimension ?? 0)
  const gradient = new Float64Array(objective?.dimension ?? 0)

  /** `D^(-1/2) H D^(-1/2)` with the divisors D. */
  const preconditionedBy = (of: TensorObjective, ask: () => Float64Array) => {
    let known: Operator.Operator | undefined
    return {
      dimension: of.dimension,
      operator: (v: Float64Array, out: Float64Array) => {
        if (known === undefined) {
          const by = ask()
          Require.length("catapultWatch", "divisors", by.length, of.dimension)
          known = preconditioned((x, into) => of.hessianVector(point, x, into), by)
        }
        known(v, out)
      },
    }
  }

  /** Measures the fixed part of the data at the current weights. */
  const measure = (of: TensorObjective) => {
    of.read(point)
    // weights that left the numbers have no loss to evaluate
    const loss = Vector.isFinite(point) ? of.valueAndGradient(point, gradient) : Number.NaN
    return {
      loss,
      gradient,
      curvature: {
        dimension: of.dimension,
        operator: (v: Float64Array, out: Float64Array) => of.hessianVector(point, v, out),
      },
      ...(divisors !== undefined && { preconditioned: preconditionedBy(of, divisors) }),
    }
  }

  let step = 0
  return {
    events,
    status: monitor.status,
    onBatchEnd: (_batch, logs) => {
      const rate = typeof learningRate === "function" ? learningRate(step) : learningRate
      found(
        monitor.observe({
          step,
          ...(rate !== undefined && { learningRate: rate }),
          ...(objective === undefined
            ? { loss: logs?.["loss"] ?? Number.NaN }
            : measure(objective)),
        }),
      )
      step++
    },
    onTrainEnd: () => found(monitor.finish()),
  }
}
