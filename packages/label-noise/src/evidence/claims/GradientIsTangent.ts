import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import { preactivations, twoLayerThrough } from "../../network/TwoLayer.ts"
import { gradientAt } from "../support/AlongRetraction.ts"
import { euclideanGradient } from "../support/EuclideanGradient.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, problems } from "../support/RandomNetwork.ts"

const instances = problems()

/** The same with its first datum repeated, so that the gradients of the outputs are dependent. */
const withRepeated = ({ network, theta }: Expanded) => {
  const { dimension, features } = network
  const repeated = Float64Array.of(...features, ...features.subarray(0, dimension))
  return { theta, network: twoLayerThrough(theta, { ...network, features: repeated }) }
}

export const gradientIsTangent = claim({
  id: "label-noise/gradient-is-tangent",
  statement: "Along the Riemannian gradient of the sharpness no output changes to first order.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("Riemannian gradient")),
  instances,
  value: gradientAt,
  margin: ({ instance: { problem }, kernels, value: direction }) => {
    const expanded = expand(problem, { kernels })
    const marginOf = ({ network, theta }: Pick<Expanded, "network" | "theta">) => {
      const geometry = new Geometry(network).atParameters(theta)
      const gradient = direction(geometry)
      const y = preactivations(network, gradient)
      const eigenvalues = geometry.tangentEigenvalues()
      const size = Math.sqrt(eigenvalues.at(-1)!) * Vector.norm(euclideanGradient(geometry))
      const changes = Array.from({ length: network.size }, (_, i) => {
        let change = 0
        for (let k = i * network.neurons; k < (i + 1) * network.neurons; k++) {
          change += geometry.p[k]! * y[k]!
        }
        return Margin.equal(change, 0, { absolute: 1e-10 * size })
      })
      return Margin.all(...changes)
    }
    return Margin.all(marginOf(expanded), marginOf(withRepeated(expanded)))
  },
  controls: [
    { name: "the Euclidean gradient", value: euclideanGradient },
    {
      name: "half the multipliers",
      value: (geometry) => {
        const other = euclideanGradient(geometry)
        return gradientAt(geometry).map((g, k) => (g + other[k]!) / 2)
      },
    },
  ],
})
