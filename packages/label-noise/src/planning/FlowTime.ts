import * as Elementary from "@nonconvex/numerics/Elementary"
import type { FlatLimit } from "../limit/FlatLimit.ts"
import { flowOfPreactivations } from "../flow/SharpnessFlow.ts"
import * as Theory from "../theory/Theory.ts"
import type { TwoLayer } from "../network/TwoLayer.ts"

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
