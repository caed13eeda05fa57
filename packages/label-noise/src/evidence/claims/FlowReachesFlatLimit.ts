import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { recalled } from "../support/Paper.ts"
import { expand, problems } from "../support/RandomNetwork.ts"

const instances = problems()

export const flowReachesFlatLimit = claim({
  id: "label-noise/flow-reaches-flat-limit",
  statement:
    "The sharpness flow ends at the network of the direct solve: all neurons agree on the data, and each keeps its part orthogonal to them.",
  inFloatingPoint: "limit",
  source: recalled("limit of the flow"),
  instances,
  value: (network: TwoLayer, theta: Float64Array) => flatLimit(network, theta).theta,
  margin: ({ instance: { problem }, kernels, value: limit }) => {
    const { network, theta } = expand(problem, { kernels })
    const arrived = flowOfPreactivations(network, theta).theta
    const absolute = 1e-6 * (1 + Vector.norm(theta))
    return Margin.equal(Vector.distance(arrived, limit(network, theta)), 0, { absolute })
  },
  controls: [
    {
      name: "without the part orthogonal to the data",
      value: (network, theta) => flatLimit(network, new Float64Array(theta.length)).theta,
      instances: problems({ extra: 2 }),
    },
    { name: "the start", value: (_, theta) => theta },
  ],
})
