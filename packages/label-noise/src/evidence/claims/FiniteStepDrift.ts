import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { driftOfStep } from "../../descent/FiniteStep.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { retract } from "../../geometry/Retraction.ts"
import * as Theory from "../../theory/Theory.ts"
import { large } from "../support/KeptNoise.ts"
import { contributions, driftMargin, type Prediction, smallStep } from "../support/MeasuredDrift.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomNetwork.ts"
import { type Instance, instancesWith, noise, settingOf } from "../support/ReturnToMinima.ts"

/**
 * Compares the drift along its own direction with the slope of the regulariser there, by differences of its values along the
 * minima.
 */
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
    "At every stable learning rate the drift of label noise with all data in each step is -eta^2 c times the Riemannian gradient of -(1 / (2 eta)) sum log(1 - eta lambda_i / 2). Each eigenvalue's part is multiplied by 1 / (1 - eta lambda_i / 2).",
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
