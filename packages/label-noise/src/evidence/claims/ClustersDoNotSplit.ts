import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { type Cluster, detectRegime } from "../../flow/Regime.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { expand } from "../support/CrowdedNeurons.ts"
import { derived } from "../support/Paper.ts"

const planar = Draw.record({
  dimension: Draw.oneOf<number>(2),
  extra: Draw.integer(1, 2),
  neurons: Draw.integer(4, 6),
  seed: Draw.seed(),
})

/** Largest eigenvalue that a coefficient of the Hessian can have: the scale for what counts as negative. */
const scaleOf = (network: TwoLayer, theta: Float64Array): number => {
  const geometry = new Geometry(network).atParameters(theta)
  const m = network.neurons
  return Vector.maxAbs(
    geometry.z.map((_, k) => geometry.hessianCoefficient(Math.floor(k / m), k % m)),
  )
}

export const clustersDoNotSplit = claim({
  id: "label-noise/clusters-do-not-split",
  statement:
    "At rest points of the sharpness flow, sum_i c_i x_i x_i^T has no negative eigenvalue for clusters of at least two neurons, with the coefficients c of the Riemannian Hessian. Otherwise two of the neurons would separate.",
  inFloatingPoint: "limit",
  source: derived("two neurons that part change no output to first order"),
  instances: planar,
  value: ({ neurons }: Cluster) => neurons.length > 1,
  margin: ({ instance, kernels, value: isCounted }) => {
    const { network, theta } = expand(instance, instance.neurons, { kernels })
    const regime = detectRegime(network, theta)
    if (!regime.isStationary) return Margin.holds(true)
    const scale = scaleOf(network, regime.theta)
    return Margin.all(
      Margin.holds(true),
      ...regime.clusters
        .filter(isCounted)
        .map(({ stability }) => Margin.atLeast(stability / scale, -1e-3)),
    )
  },
  controls: [{ name: "neurons alone", value: ({ neurons }) => neurons.length === 1 }],
})
