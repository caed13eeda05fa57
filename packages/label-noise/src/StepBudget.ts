import { flatLimit } from "./FlatLimit.ts"
import { flowOfPreactivations } from "./SharpnessFlow.ts"
import * as Theory from "./Theory.ts"
import type { TwoLayer } from "./TwoLayer.ts"

/** How many steps label-noise SGD would need to come near the flat limit. */
export interface StepBudget {
  /** Time of the sharpness flow. */
  readonly flowTime: number
  /** Steps for a small learning rate. */
  readonly steps: number
  /** How much faster a finite learning rate is, from the mean eigenvalue at the limit; Infinity past the stability limit. */
  readonly finiteStepFactor: number
  /** `steps / finiteStepFactor`. */
  readonly correctedSteps: number
  /** The final rate of the flow. */
  readonly rate: number
}

/** Predicts the steps until the largest deviation from the limit is `share` of what it is. Throws as `flatLimit`. */
export const stepBudget = (
  network: TwoLayer,
  theta: Float64Array,
  options: Omit<Theory.StepSetting, "size"> & { readonly share: number },
): StepBudget => {
  const { neurons: m, size: n } = network
  const { preactivations: v, rate, sharpness } = flatLimit(network, theta)
  let first = Number.NaN
  let flowTime = 0
  let isFar = true
  flowOfPreactivations(network, theta, {
    tolerance: { relative: 1e-8, absolute: 1e-12 },
    observe: (time, { z }) => {
      let deviation = 0
      for (let k = 0; k < n * m; k++) {
        deviation = Math.max(deviation, Math.abs(z[k]! - v[Math.floor(k / m)]!))
      }
      if (time === 0) first = deviation
      if (isFar) flowTime = time
      isFar &&= deviation > options.share * first
    },
  })
  const setting = { ...options, size: n }
  const meanEigenvalue = Theory.hessianTrace(options.convention, sharpness, n) / n
  const product = options.learningRate * meanEigenvalue
  const isStable = (product * n) / options.batch < 2
  const factor = isStable
    ? Theory.finiteStepFactorOfBatch(product, options.batch, n)
    : Number.POSITIVE_INFINITY
  const steps = Theory.stepsFor(flowTime, setting)
  return { flowTime, steps, finiteStepFactor: factor, correctedSteps: steps / factor, rate }
}
