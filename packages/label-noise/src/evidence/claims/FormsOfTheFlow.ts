import { claim, Kind } from "@nonconvex/evidence"
import * as RungeKutta from "../../flow/RungeKutta.ts"
import { flowOfParameters, flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import { preactivations, type TwoLayer } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems } from "../support/RandomNetwork.ts"

const instances = problems()

type Follow = (network: TwoLayer, theta: Float64Array, time: number) => Float64Array

const inPreactivations: Follow = (network, theta, time) =>
  preactivations(network, flowOfPreactivations(network, theta, { time, gradient: 0 }).theta)

const withoutGram: Follow = (network, theta, time) => {
  const geometry = new Geometry(network)
  const z = preactivations(network, theta)
  const slope: RungeKutta.Slope = (y, out) => {
    const { s } = geometry.atPreactivations(y)
    for (let k = 0; k < out.length; k++) out[k] = -s[k]!
  }
  return RungeKutta.integrate(slope, z, { end: time, relative: 1e-10, absolute: 1e-12 }).y
}

export const formsOfTheFlow = claim({
  id: "label-noise/forms-of-the-flow",
  statement: "The sharpness flow in the parameters and in the pre-activations is the same.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("two forms of the flow")),
  instances,
  value: inPreactivations,
  margin: ({ instance: { problem }, kernels, value: follow }) => {
    const { network, theta } = expand(problem, { kernels })
    const time = 0.5 / flatLimit(network, theta).rate
    const moved = flowOfParameters(network, theta, { time, gradient: 0 }).theta
    const z = preactivations(network, moved)
    return near(follow(network, theta, time), z, { relative: 1e-7 })
  },
  controls: [
    { name: "without the Gram matrix", value: withoutGram, instances: problems({ size: 3 }) },
    {
      name: "a thousandth later",
      value: (network, theta, time) => inPreactivations(network, theta, 1.001 * time),
    },
  ],
})
