import { claim, Margin } from "@nonconvex/evidence"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { crowds, expand } from "../support/CrowdedNeurons.ts"
import { derived } from "../support/Paper.ts"

export const clustersAndRank = claim({
  id: "label-noise/clusters-and-rank",
  statement:
    "With fewer than n / d distinct neurons the gradients of the n outputs are dependent: with fewer clusters, the minima are no longer a manifold.",
  inFloatingPoint: "spectrum",
  source: derived("rank of J is at most d times the number of distinct neurons"),
  instances: crowds,
  value: 0,
  margin: ({ instance, kernels, value: more }) => {
    const fewest = Theory.leastClusters(instance.dimension + instance.extra, instance.dimension)
    const { network, theta } = expand(instance, fewest - 1 + more, { kernels })
    const eigenvalues = new Geometry(network).atParameters(theta).tangentEigenvalues()
    return Margin.atMost(Math.abs(eigenvalues[0]!), 1e-13 * network.size * eigenvalues.at(-1)!)
  },
  controls: [{ name: "one more distinct neuron", value: 1 }],
})
