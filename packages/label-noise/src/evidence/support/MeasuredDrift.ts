import { Margin, type MarginInput } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { weightedGradient } from "../../descent/FiniteStep.ts"
import { noisyDescent } from "../../descent/NoisyDescent.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { expand, type Expanded } from "./RandomNetwork.ts"
import {
  displacement,
  type Instance,
  noise,
  returns,
  settingOf,
  spectrumOf,
  stepsToReturn,
} from "./ReturnToMinima.ts"

const measuredDrift = (expanded: Expanded, instance: Instance): Float64Array => {
  const { network, theta } = expanded
  const { convention, learningRate } = settingOf(expanded, instance)
  const { geometry, values } = spectrumOf(expanded)
  const n = network.size
  const rate = Theory.gradientFactor(convention) * learningRate
  const steps = stepsToReturn(values, instance.product) + 1
  const drift = new Float64Array(theta.length)
  for (let datum = 0; datum < n; datum++) {
    const size = (displacement * n) / (rate * Math.sqrt(geometry.tangentGram[datum * n + datum]!))
    for (const sign of [1, -1]) {
      const descent = noisyDescent(network, theta, n)
      const end = returns(descent, { datum, size: sign * size }, rate, steps)
      for (let k = 0; k < drift.length; k++)
        drift[k]! += (noise * noise * (end[k]! - theta[k]!)) / (2 * size * size)
    }
  }
  return drift
}

/** Sizes of the contributions of all eigenvalues to the drift of a small step: the scale of possible cancellation. */
export const contributions = (expanded: Expanded, setting: Theory.StepSetting): number => {
  const { geometry, values, vectors } = spectrumOf(expanded)
  return (
    Theory.flowTimePerStep(setting) *
    Array.from(values.keys()).reduce((sum, k) => {
      const only = Array.from(values, (_, l) => (l === k ? 1 : 0))
      return sum + Vector.norm(weightedGradient(geometry, vectors, only))
    }, 0)
  )
}

export type Prediction = (expanded: Expanded, setting: Theory.StepSetting) => Float64Array

export const driftMargin =
  (tolerance: (product: number) => number) =>
  ({ instance, kernels, value: predict }: MarginInput<Instance, Prediction>): Margin.Comparison => {
    const expanded = expand(instance.problem, { kernels })
    const setting = settingOf(expanded, instance)
    const error = Vector.distance(measuredDrift(expanded, instance), predict(expanded, setting))
    const absolute = tolerance(instance.product) * contributions(expanded, setting)
    return Margin.equal(error, 0, { absolute })
  }

export const smallStep: Prediction = ({ network, theta }, setting) => {
  const gradient = new Geometry(network).atParameters(theta).gradient()
  const steps = Theory.stepsFor(1, setting)
  return gradient.map((g) => -g / steps)
}
