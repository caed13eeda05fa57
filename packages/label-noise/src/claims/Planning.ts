/** What the certificate and the planner promise. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { certify } from "../Certificate.ts"
import { spreadAt } from "../Diagnostics.ts"
import { flatLimit } from "../FlatLimit.ts"
import { runLabelNoise } from "../LabelNoiseSgd.ts"
import { type Plan, plan } from "../Planner.ts"
import { flowOfPreactivations } from "../SharpnessFlow.ts"
import { preactivations, type TwoLayer } from "../TwoLayer.ts"
import { derived, recalled } from "./Paper.ts"
import { expand, type RandomNetwork, randomNetwork, rescaled } from "./RandomNetwork.ts"

interface Certified {
  readonly problem: RandomNetwork
  /** The norm of the shortest datum; the others are between it and 1. */
  readonly least: number
}

const distance = 1e-3

const deviation = (network: TwoLayer, theta: Float64Array): number => {
  const { neurons: m, size: n } = network
  const { preactivations: v } = flatLimit(network, theta)
  const z = new Float64Array(n * m)
  preactivations(network, theta, z)
  return z.reduce((most, value, k) => Math.max(most, Math.abs(value - v[Math.floor(k / m)]!)), 0)
}

const timeMargin =
  (share: number) =>
  (instance: Certified): number => {
    const { network, theta } = rescaled(expand(instance.problem), instance.least)
    const { deviationBound, remainingTime } = certify(network, theta, { distance })
    const end = flowOfPreactivations(network, theta, { time: share * remainingTime }).theta
    return Margin.all(
      Margin.atMost(deviation(network, theta), deviationBound, 1e-6),
      Margin.atMost(deviation(network, end), distance, 1e-6),
    )
  }

const certifiedInstances = (fixed: Partial<RandomNetwork> = {}) =>
  Draw.record<Certified>({ problem: randomNetwork(fixed), least: Draw.linear(1, 0.5) })

/** T6 and T7 as a certificate, for data of any norm. */
export const certificateHolds = claim<Certified>({
  id: "label-noise/certificate",
  statement:
    "From any network that fits, the sharpness flow is within the certified distance of the flat limit after the certified time, for data of any norm.",
  source: derived("global convergence of the flow with our constants, for data of any norm"),
  instances: certifiedInstances(),
  margin: timeMargin(1),
  controls: [
    {
      name: "a hundredth of the time, from large parameters",
      instances: certifiedInstances({ share: 1 }),
      margin: timeMargin(0.01),
    },
  ],
})

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
  ({ problem, sampling }: Planned): number => {
    const { network, theta } = expand(problem)
    const share = 0.1
    const isChosen = (each: Plan) => each.sampling === sampling
    const { steps } = plan(network, theta, { share }).find(isChosen)!
    // four times the steps are half the noise
    const chosen = plan(network, theta, { share, steps: 4 * steps }).find(isChosen)!
    const { theta: end } = runLabelNoise(network, theta, {
      ...chosen,
      ...change(chosen),
      seed: Seed.root(problem.seed).child("run"),
    })
    const left = spreadAt(network, end) / spreadAt(network, theta)
    return Margin.all(Margin.atMost(left, chance * share), Margin.atLeast(left, share / chance))
  }

/** T12, qualitatively, and the step budget. */
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
      instances: planned,
      margin: planMargin(({ steps }) => ({ steps: Math.ceil(steps / 4) })),
    },
    { name: "without noise", instances: planned, margin: planMargin(() => ({ noise: 0 })) },
  ],
})
