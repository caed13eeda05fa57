/** Guarantees of the planner. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import { runLabelNoise } from "../../descent/LabelNoiseSgd.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { spreadAt } from "../../limit/Diagnostics.ts"
import { type Plan, plan } from "../../planning/Planner.ts"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"

const share = 0.1

/**
 * Allowed standard deviations of the logarithm of the remaining spread, and the size of one. The spread decays by a quadratic
 * form in Gaussian noise. Its variance is twice its squared mean over the number of independent draws; an eigendirection has eta
 * lambda of them per step. At the end, noise moves each of two neurons by the fluctuation of the plan.
 */
const deviations = 6
const deviation = ({ etaLambda, fluctuation, steps }: Plan): number => {
  const fall = Elementary.log(share)
  return Math.sqrt((2 * fall * fall) / (etaLambda * steps) + Elementary.square(2 * fluctuation))
}

export const plans = claim({
  id: "label-noise/plans",
  statement:
    "Label-noise SGD with the planned learning rate, noise and number of steps ends with the same spread of neurons as the sharpness flow after the planned time. The tolerance covers the finite-step factor of the largest planned eigenvalue and six standard deviations.",
  inFloatingPoint: "statistical",
  source: recalled(
    "convergence of label-noise SGD to the flat limit, qualitatively; the rate is ours",
  ),
  instances: Draw.record({
    problem: Draw.integer(1, 2).chain((size) => randomNetwork({ size, share: 0.4 })),
    sampling: Draw.oneOf("full", "replacement"),
  }),
  value: ({ steps }: Plan): Partial<Plan> => ({ steps }),
  margin: ({ instance: { problem, sampling }, kernels, value: change }) => {
    const { network, theta } = expand(problem, { kernels })
    const isChosen = (each: Plan) => each.sampling === sampling
    const { steps } = plan(network, theta, { share }).find(isChosen)!
    // four times the steps are half the noise
    const chosen = plan(network, theta, { share, steps: 4 * steps }).find(isChosen)!
    const end = runLabelNoise(network, theta, {
      ...chosen,
      ...change(chosen),
      seed: Seed.root(problem.seed).child("run"),
    })
    // the plan divides by the factor at the limit; on the way each eigenvalue has one of its own, from 1 to that of the largest
    const afterFlow = (factor: number) =>
      spreadAt(
        network,
        flowOfPreactivations(network, theta, {
          time: (factor * chosen.flowTime) / chosen.finiteStepFactor,
        }).theta,
      )
    const chance = Elementary.exp(deviations * deviation(chosen))
    const left = spreadAt(network, end)
    return Margin.all(
      Margin.atMost(left, chance * afterFlow(1)),
      Margin.atLeast(left, afterFlow(Theory.finiteStepFactor(chosen.etaLambda)) / chance),
    )
  },
  controls: [
    { name: "a quarter of the steps", value: ({ steps }) => ({ steps: Math.ceil(steps / 4) }) },
    { name: "without noise", value: () => ({ noise: 0 }) },
  ],
})
