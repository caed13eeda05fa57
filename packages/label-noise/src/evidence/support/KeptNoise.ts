import * as Elementary from "@nonconvex/numerics/Elementary"
import { noisyDescent } from "../../descent/NoisyDescent.ts"
import * as Theory from "../../theory/Theory.ts"
import type { Expanded } from "./RandomNetwork.ts"
import {
  type Instance,
  instancesWith,
  noise,
  returns,
  settingOf,
  spectrumOf,
  stepsToReturn,
} from "./ReturnToMinima.ts"

export const inOtherConvention = <Setting extends Theory.StepSetting>(
  setting: Setting,
): Setting => ({
  ...setting,
  convention: setting.convention === "half" ? "mean" : "half",
})

export const large = instancesWith([1, 1.6])

/**
 * Stationary level under label noise of a squared quantity that vanishes at the minimum. It sums over the steps since one label
 * was perturbed, and over the labels.
 */
export const kept = (
  expanded: Expanded,
  instance: Instance,
  squareAt: (point: Float64Array) => number,
): number => {
  const { network, theta } = expanded
  const { convention, learningRate } = settingOf(expanded, instance)
  const { geometry, values } = spectrumOf(expanded)
  const n = network.size
  const rate = Theory.gradientFactor(convention) * learningRate
  let sum = 0
  for (let datum = 0; datum < n; datum++) {
    const size = (1e-5 * n) / (rate * Math.sqrt(geometry.tangentGram[datum * n + datum]!))
    const descent = noisyDescent(network, theta, n, "parameters")
    returns(descent, { datum, size }, rate, stepsToReturn(values, instance.product), () => {
      sum += squareAt(descent.computeParameters()) * Elementary.square(noise / size)
    })
  }
  return sum
}
