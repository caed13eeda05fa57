/** What the planner promises. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { runLabelNoise } from "../../descent/LabelNoiseSgd.ts"
import { spreadAt } from "../../limit/Diagnostics.ts"
import { type Plan, plan } from "../../planning/Planner.ts"
import { recalled } from "../support/Paper.ts"
import { expand, type RandomNetwork, randomNetwork } from "../support/RandomNetwork.ts"

interface Planned {
  readonly problem: RandomNetwork
  readonly sampling: Plan["sampling"]
}

const planned = Draw.record<Planned>({
  problem: Draw.integer(1, 2).chain((size) => randomNetwork({ size, share: 0.4 })),
  sampling: Draw.oneOf("full", "replacement"),
})

/** What the noise leaves of the spread is chance, with a standard deviation of about a seventh in its logarithm. */
const chance = 4

const planMargin =
  (change: (chosen: Plan) => Partial<Plan>) =>
  ({ problem, sampling }: Planned, given: Given): number => {
    const { network, theta } = expand(problem, given)
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
  }

export const plansReachTheirGoal = claim<Planned>({
  id: "label-noise/plans",
  statement:
    "Label-noise SGD with the planned learning rate, noise and number of steps brings neurons ten times closer, within a factor of 4.",
  source: recalled(
    "convergence of label-noise SGD to the flat limit, qualitatively; the rate is ours",
  ),
  instances: planned,
  margin: planMargin(() => ({})),
  controls: [
    {
      name: "a quarter of the steps",
      margin: planMargin(({ steps }) => ({ steps: Math.ceil(steps / 4) })),
    },
    { name: "without noise", margin: planMargin(() => ({ noise: 0 })) },
  ],
})
