import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import { flatLimit, flattest, inverse } from "../../limit/FlatLimit.ts"
import { residual, type TwoLayer } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems, withNorms } from "../support/RandomNetwork.ts"

const instances = problems()

const solved = (network: TwoLayer, theta: Float64Array): Float64Array =>
  flatLimit(network, theta).theta

/** Replaces every neuron by the mean of all. */
const averaged = (network: TwoLayer, theta: Float64Array): Float64Array => {
  const { dimension: d, neurons: m } = network
  return theta.map((_, k) => {
    let sum = 0
    for (let j = 0; j < m; j++) sum += theta[j * d + (k % d)]!
    return sum / m
  })
}

export const flatLimitInOneSolve = claim({
  id: "label-noise/flat-limit-in-one-solve",
  statement:
    "The direct solve fits the labels, has the smallest sharpness, and is a fixed point of the sharpness flow.",
  inFloatingPoint: "limit",
  source: derived("direct solve"),
  instances,
  value: solved,
  margin: ({ instance: { problem }, kernels, value: solve }) => {
    const { network, theta } = withNorms(expand(problem, { kernels }))
    const found = solve(network, theta)
    const geometry = new Geometry(network).atParameters(found)
    const size = 1 + Vector.maxAbs(network.labels)
    const scale = 1 + geometry.sharpness
    const { first, name, second, third, value } = network.activation
    // solved for where it is not known in closed form
    const inverses = [...network.labels].map((y) => {
      const u = (10 * y) / network.neurons
      const z = inverse({ name, value, first, second, third }, u)
      return Margin.equal(value(z), u, { absolute: 1e-12 * (1 + Math.abs(u)) })
    })
    return Margin.all(
      ...inverses,
      Margin.equal(residual(network, found), 0, { absolute: 1e-9 * size }),
      Margin.equal(geometry.sharpness, flattest(network).sharpness, { relative: 1e-9 }),
      Margin.equal(geometry.gradientNorm, 0, { absolute: 1e-9 * scale }),
      Margin.equal(Vector.maxAbs(geometry.s), 0, { absolute: 1e-9 * scale }),
    )
  },
  controls: [
    { name: "all neurons averaged", value: averaged },
    { name: "no change", value: (_, theta) => theta },
    {
      name: "half the way",
      value: (network, theta) => solved(network, theta).map((value, k) => (value + theta[k]!) / 2),
    },
  ],
})
