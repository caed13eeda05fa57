/**
 * The drift of label noise along the minima, without a sample of noise.
 *
 * To second order in the noise, errors of different steps and data do not interact, and without noise a minimum stays as it is. So
 * the mean displacement of a step is that of one noisy label, averaged over its two signs, after which gradient descent without
 * noise and with the same learning rate returns to the minima.
 */
import { claim, Draw, type Given, Margin, type MarginInput } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { driftOfStep, weightedGradient } from "../../descent/FiniteStep.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { retract } from "../../geometry/Retraction.ts"
import { noisyDescent, type NoisyDescent } from "../../descent/NoisyDescent.ts"
import * as Theory from "../../theory/Theory.ts"
import { gaps } from "../../network/TwoLayer.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, type Expanded, randomNetwork } from "../support/RandomNetwork.ts"

const instancesWith = (product: readonly [number, number]) =>
  Draw.record({
    problem: Draw.integer(1, 3).chain((size) => randomNetwork({ size, share: 0.4 })),
    convention: Draw.oneOf("half", "mean"),
    /** Learning rate times the largest eigenvalue of the Hessian. */
    product: Draw.linear(...product),
  })
type Instance = Draw.Drawn<ReturnType<typeof instancesWith>>

const spectrumOf = ({ network, theta }: Expanded) => {
  const geometry = new Geometry(network).atParameters(theta)
  return { geometry, ...geometry.tangentEigen() }
}

/** Standard deviation of the label noise; what is measured is of one label off by a unit, and so its square times that. */
const noise = 0.7

/** The setting of an instance. */
const settingOf = (expanded: Expanded, { convention, product }: Instance) => {
  const { values } = spectrumOf(expanded)
  const { size } = expanded.network
  const top = (Theory.gradientFactor(convention) * values.at(-1)!) / size
  return { convention, learningRate: product / top, noise, batch: size, size } as const
}

/** How far a noisy label moves the parameters. */
const displacement = 3e-4

/** Steps in which what is off the minima shrinks by 10^13. */
const stepsToReturn = (values: Float64Array, product: number): number => {
  const slowest = Math.max(1 - (product * values[0]!) / values.at(-1)!, Math.abs(1 - product))
  // at a product of 1 the steepest direction returns at once, to first order
  return Math.max(20, Math.ceil(Elementary.log(1e-13) / Elementary.log(slowest)))
}

/** Gradient descent in which the first step sees one label off by `size`, and none after it; `visit` sees each end of a step. */
const returns = (
  descent: NoisyDescent,
  error: { readonly datum: number; readonly size: number },
  rate: number,
  steps: number,
  visit: () => void = () => undefined,
): Float64Array => {
  const n = descent.network.size
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  const epsilon = new Float64Array(n)
  epsilon[error.datum] = error.size
  for (let k = 0; k < steps; k++) {
    descent.step(all, epsilon, rate)
    epsilon.fill(0)
    visit()
  }
  return descent.computeParameters()
}

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

/** The sizes of the contributions of all eigenvalues to the drift of a small step: the scale of what may cancel. */
const contributions = (expanded: Expanded, setting: Theory.StepSetting): number => {
  const { geometry, values, vectors } = spectrumOf(expanded)
  return (
    Theory.flowTimePerStep(setting) *
    Array.from(values.keys()).reduce((sum, k) => {
      const only = Array.from(values, (_, l) => (l === k ? 1 : 0))
      return sum + Vector.norm(weightedGradient(geometry, vectors, only))
    }, 0)
  )
}

type Prediction = (expanded: Expanded, setting: Theory.StepSetting) => Float64Array

const driftMargin =
  (tolerance: (product: number) => number) =>
  ({ instance, kernels, value: predict }: MarginInput<Instance, Prediction>): Margin.Comparison => {
    const expanded = expand(instance.problem, { kernels })
    const setting = settingOf(expanded, instance)
    const error = Vector.distance(measuredDrift(expanded, instance), predict(expanded, setting))
    const absolute = tolerance(instance.product) * contributions(expanded, setting)
    return Margin.equal(error, 0, { absolute })
  }

const inOtherConvention = <Setting extends Theory.StepSetting>(setting: Setting): Setting => ({
  ...setting,
  convention: setting.convention === "half" ? "mean" : "half",
})

const smallStep: Prediction = ({ network, theta }, setting) => {
  const gradient = new Geometry(network).atParameters(theta).gradient()
  const steps = Theory.stepsFor(1, setting)
  return gradient.map((g) => -g / steps)
}

const times =
  (factor: number, predict: Prediction): Prediction =>
  (...given) =>
    predict(...given).map((value) => factor * value)

export const drift = claim<Instance, Prediction>({
  id: "label-noise/drift",
  statement:
    "A step of label-noise SGD with a small learning rate moves along the minima by -eta^2 (c / 4) grad tr H on average: -eta^2 sigma^2 / (4 B n) grad F for half the mean of squares, four times that for the mean.",
  inFloatingPoint: "statistical",
  source: recalled("drift of label noise along the minima; constant derived here"),
  instances: instancesWith([0.2, 0.05]),
  value: smallStep,
  // what the finite-step factor 1 / (1 - x / 2) adds at most, and what differences of size 3e-4 leave
  margin: driftMargin((product) => Theory.finiteStepFactor(product) - 1 + 1e-3),
  controls: [
    { name: "half the drift", value: times(0.5, smallStep) },
    { name: "four times the drift", value: times(4, smallStep) },
    {
      name: "the other convention",
      value: (expanded, setting) => smallStep(expanded, inOtherConvention(setting)),
    },
  ],
})

const large = instancesWith([1, 1.6])

/** The drift along itself, against the slope of the regulariser there: by differences of its values, along the minima. */
const slopeMargin = (instance: Instance, given: Given): Margin.Comparison => {
  const expanded = expand(instance.problem, given)
  const { network, theta } = expanded
  const setting = settingOf(expanded, instance)
  const step = driftOfStep(network, theta, setting)
  const length = Vector.norm(step)
  const h = 1e-4
  const regulariserAt = (distance: number) => {
    const moved = retract(
      network,
      theta,
      step.map((value) => (distance * value) / length),
    )
    const kappa = Theory.gradientFactor(setting.convention)
    const eigenvalues = new Geometry(network).atParameters(moved).tangentEigenvalues()
    return Theory.finiteStepRegulariser(
      setting.learningRate,
      Array.from(eigenvalues, (value) => (kappa * value) / network.size),
    )
  }
  const slope = (regulariserAt(h) - regulariserAt(-h)) / (2 * h)
  const c = Theory.noiseScale(setting.convention, noise, network.size)
  const expected = -(setting.learningRate * setting.learningRate) * c * slope
  return Margin.equal(length, expected, { absolute: 1e-4 * contributions(expanded, setting) })
}

export const finiteStepDrift = claim<Instance, Prediction>({
  id: "label-noise/finite-step-drift",
  statement:
    "At every stable learning rate the drift of label noise with all data a step is -eta^2 c times the Riemannian gradient of -(1 / (2 eta)) sum log(1 - eta lambda_i / 2): each eigenvalue's part is multiplied by 1 / (1 - eta lambda_i / 2).",
  inFloatingPoint: "statistical",
  source: derived(
    "stationary variance at a finite step; the regulariser is that of Damian, Ma, Lee 2021 as recalled",
  ),
  instances: instancesWith([0.3, 1.6]),
  value: ({ network, theta }, setting) => driftOfStep(network, theta, setting),
  margin: ({ instance, kernels, value: predict }) =>
    Margin.all(
      driftMargin(() => 2e-3)({ instance, kernels, value: predict, subject: undefined }),
      slopeMargin(instance, { kernels }),
    ),
  controls: [
    { name: "the drift of a small step", value: smallStep, instances: large },
    {
      name: "1 / (1 - eta lambda)",
      value: ({ network, theta }, setting) => {
        const twice = { ...setting, learningRate: 2 * setting.learningRate }
        return driftOfStep(network, theta, twice).map((value) => value / 4)
      },
      instances: instancesWith([0.5, 0.9]),
    },
  ],
})

/** What label noise keeps up of a square that vanishes at the minimum: the sum over the steps since one label was off, and over the labels. */
const kept = (
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

export const noiseFloor = claim({
  id: "label-noise/noise-floor",
  statement:
    "Label noise with a small learning rate and all data a step keeps the loss at (eta c / 4) tr H on average.",
  inFloatingPoint: "statistical",
  source: derived("stationary loss of a small step"),
  instances: instancesWith([0.2, 0.05]),
  value: Theory.noiseFloor,
  margin: ({ instance, kernels, value: predict }) => {
    const expanded = expand(instance.problem, { kernels })
    const { network, theta } = expanded
    const setting = settingOf(expanded, instance)
    const share = setting.convention === "half" ? 0.5 : 1
    const lossAt = (point: Float64Array) => {
      const off = gaps(network, point)
      return (share * Vector.dot(off, off)) / network.size
    }
    const { sharpness } = new Geometry(network).atParameters(theta)
    const expected = predict(setting, sharpness)
    const { product } = instance
    // what the finite-step factor 1 / (1 - x / 2) adds at most
    return Margin.equal(kept(expanded, instance, lossAt), expected, {
      relative: product / (2 - product) + 1e-3,
    })
  },
  controls: [
    {
      name: "the other convention",
      value: (setting, sharpness) => Theory.noiseFloor(inOtherConvention(setting), sharpness),
    },
    {
      name: "half the sharpness",
      value: (setting, sharpness) => Theory.noiseFloor(setting, sharpness / 2),
    },
  ],
})

export const distanceFromMinima = claim({
  id: "label-noise/distance-from-minima",
  statement:
    "Label noise keeps a mean square distance of sum_i eta c / (2 - eta lambda_i) from the minima, which is of the order of eta.",
  inFloatingPoint: "statistical",
  source: recalled("distance of the order of sqrt(eta); constant derived here"),
  instances: instancesWith([0.3, 1.6]),
  value: Theory.fluctuation,
  margin: ({ instance, kernels, value: predict }) => {
    const expanded = expand(instance.problem, { kernels })
    const { network, theta } = expanded
    const setting = settingOf(expanded, instance)
    const kappa = Theory.gradientFactor(setting.convention)
    const square = kept(expanded, instance, (point) =>
      Elementary.square(Vector.distance(point, theta)),
    )
    const eigenvalues = Array.from(
      spectrumOf(expanded).values,
      (value) => (kappa * value) / network.size,
    )
    return Margin.equal(Math.sqrt(square), predict(setting, eigenvalues), { relative: 1e-3 })
  },
  controls: [
    {
      name: "the variance of a small step, eta c / 2",
      value: (setting, { length }) =>
        Theory.fluctuation(
          setting,
          Array.from({ length }, () => 0),
        ),
      instances: large,
    },
    {
      name: "the other convention",
      value: (setting, eigenvalues) => Theory.fluctuation(inOtherConvention(setting), eigenvalues),
      instances: large,
    },
  ],
})
