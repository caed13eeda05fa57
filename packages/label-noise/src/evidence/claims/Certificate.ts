/** Guarantees of the certificate. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { certify } from "../../limit/Certificate.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import { preactivations, type TwoLayer } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import { expand, type RandomNetwork, randomNetwork, rescaled } from "../support/RandomNetwork.ts"

const distance = 1e-3

const deviation = (network: TwoLayer, theta: Float64Array): number => {
  const { preactivations: v } = flatLimit(network, theta)
  return preactivations(network, theta).reduce(
    (most, z, k) => Math.max(most, Math.abs(z - v[Math.floor(k / network.neurons)]!)),
    0,
  )
}

/** `least` is the norm of the shortest datum; other norms lie between it and 1. */
const instancesWith = (fixed: Partial<RandomNetwork> = {}) =>
  Draw.record({ problem: randomNetwork(fixed), least: Draw.linear(1, 0.5) })

export const certificate = claim({
  id: "label-noise/certificate",
  statement:
    "From any interpolating network, the sharpness flow is within the certified distance of the flat limit after the certified time, for data of any norm.",
  inFloatingPoint: "limit",
  source: derived("global convergence of the flow with our constants, for data of any norm"),
  instances: instancesWith(),
  value: 1,
  margin: ({ instance: { least, problem }, kernels, value: share }) => {
    const { network, theta } = rescaled(expand(problem, { kernels }), least)
    const { deviationBound, remainingTime } = certify(network, theta, { distance })
    const end = flowOfPreactivations(network, theta, { time: share * remainingTime }).theta
    return Margin.all(
      Margin.atMost(deviation(network, theta), deviationBound, 1e-6),
      Margin.atMost(deviation(network, end), distance, 1e-6),
    )
  },
  controls: [
    {
      name: "a hundredth of the time, from large parameters",
      value: 0.01,
      instances: instancesWith({ share: 1 }),
    },
  ],
})
