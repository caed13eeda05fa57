/** Guarantees of the planner. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { runLabelNoise } from "../../descent/LabelNoiseSgd.ts"
import { spreadAt } from "../../limit/Diagnostics.ts"
import { type Plan, plan } from "../../planning/Planner.ts"
import { recalled } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"

/** Allowance for chance: the remaining spread has a standard deviation of about a seventh in its logarithm. */
const chance = 4

export const plans = claim({
  id: "label-noise/plans",
  statement:
    "Label-noise SGD with the planned learning rate, noise and number of steps brings neurons ten times closer, within a factor of 4.",
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
    const share = 0.1
    const isChosen = (each: Plan) => each.sampling === sampling
    const { steps } = plan(network, theta, { share }).find(isChosen)!
    // four times the steps are half the noise
    const chosen = plan(network, theta, { share, steps: 4 * steps }).find(isChosen)!
    const end = runLabelNoise(network, theta, {
      ...chosen,
      ...change(chosen),
      seed: Seed.root(problem.seed).child("run"),
    })
    const left = spreadAt(network, end) / spreadAt(network, theta)
    return Margin.all(Margin.atMost(left, chance * share), Margin.atLeast(left, share / chance))
  },
  controls: [
    { name: "a quarter of the steps", value: ({ steps }) => ({ steps: Math.ceil(steps / 4) }) },
    { name: "without noise", value: () => ({ noise: 0 }) },
  ],
})
