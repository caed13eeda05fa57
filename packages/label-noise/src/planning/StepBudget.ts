import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import { type FlatLimit, flatLimit } from "../limit/FlatLimit.ts"
import { stabilityLimit } from "../descent/LabelNoiseSgd.ts"
import { flowOfPreactivations } from "../flow/SharpnessFlow.ts"
import * as Theory from "../theory/Theory.ts"
import type { TwoLayer } from "../network/TwoLayer.ts"

/** Number of steps that label-noise SGD needs to approach the flat limit. */
export interface StepBudget {
  /** Time of the sharpness flow. */
  readonly flowTime: number
  /** Steps for a small learning rate. */
  readonly steps: number
  /**
   * Speed-up of this learning rate over a small one, from the mean eigenvalue at the limit; NaN above the stability limit there.
   */
  readonly finiteStepFactor: number
  /** `steps / finiteStepFactor`; NaN above the stability limit, where no number of steps reaches the limit. */
  readonly correctedSteps: number
  /** The final rate of the flow. */
  readonly rate: number
}

/** Time in which the sharpness flow reduces the largest deviation from the limit to `share` of its initial value. */
export const flowTimeTo = (
  network: TwoLayer,
  theta: Float64Array,
  { preactivations: v, rate }: FlatLimit,
  share: number,
): number => {
  const { neurons: m, size: n } = network
  let first = Number.NaN
  let before = Number.NaN
  let last = 0
  let flowTime = Number.NaN
  flowOfPreactivations(network, theta, {
    tolerance: { relative: 1e-8, absolute: 1e-12 },
    until: (time, { z }) => {
      let deviation = 0
      for (let k = 0; k < n * m; k++) {
        deviation = Math.max(deviation, Math.abs(z[k]! - v[Math.floor(k / m)]!))
      }
      if (time === 0) first = deviation
      // within a step of the integrator the deviation falls exponentially, to a good approximation
      const goal = share * first
      if (deviation <= goal) {
        const part =
          time === 0 ? 0 : Elementary.log(before / goal) / Elementary.log(before / deviation)
        flowTime = last + part * (time - last)
      }
      before = deviation
      last = time
      return !Number.isNaN(flowTime)
    },
  })
  // where the flow rests before that, the rest of the way is the slowest mode's
  return Number.isNaN(flowTime) ? last + Elementary.log(before / (share * first)) / rate : flowTime
}

/** Finite-step factor of a step at the limit, from the mean eigenvalue of the Hessian there; Infinity if it is unstable. */
export const factorAt = (sharpness: number, step: Theory.StepSetting): number => {
  const { batch, convention, learningRate, size } = step
  const product = (learningRate * Theory.hessianTrace(convention, sharpness, size)) / size
  return (product * size) / batch < 2
    ? Theory.finiteStepFactorOfBatch(product, batch, size)
    : Number.POSITIVE_INFINITY
}

/**
 * Predicts the number of steps from `theta`, m x d, until the largest deviation from the limit is `share` of its initial value.
 *
 * Throws like `flatLimit`, and NotInterpolating if `theta` does not fit its labels. Throws InvalidInput unless share is between
 * 0 and 1, learning rate and noise are positive, and the batch is from 1 to n. The rates come from `Theory`.
 */
export const stepBudget = (
  network: TwoLayer,
  theta: Float64Array,
  options: Omit<Theory.StepSetting, "size"> & { readonly share: number },
): StepBudget => {
  const { batch, convention, learningRate, noise, share } = options
  const { size } = network
  Require.fraction("stepBudget", "share", share)
  Require.positive("stepBudget", "learningRate", learningRate)
  Require.positive("stepBudget", "noise", noise)
  Require.count("stepBudget", "batch", batch, 1, size)
  const limit = flatLimit(network, theta)
  const flowTime = flowTimeTo(network, theta, limit, share)
  const setting = { ...options, size }
  const sampling = batch === size ? "full" : "replacement"
  const isStable = learningRate < stabilityLimit(network, limit.theta, { convention, sampling })
  const finiteStepFactor = isStable ? factorAt(limit.sharpness, setting) : Number.NaN
  const steps = Theory.stepsFor(flowTime, setting)
  const { rate } = limit
  return { flowTime, steps, finiteStepFactor, correctedSteps: steps / finiteStepFactor, rate }
}
