/** Beyond n <= d: how many clusters of neurons there must be, and which of them can rest. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Activation from "../../network/Activation.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { type Cluster, detectRegime } from "../../flow/Regime.ts"
import * as Theory from "../../theory/Theory.ts"
import { type TwoLayer, twoLayerThrough } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import { normalRows, unitRows } from "../support/Rows.ts"

/** n - d is `extra`. */
const crowds = Draw.record({
  dimension: Draw.integer(1, 4),
  extra: Draw.integer(1, 8),
  neurons: Draw.oneOf<number>(13),
  seed: Draw.seed(),
})

/** A cubic network on data of norm 1, its neurons copies of `distinct` ones. */
const expand = (
  { dimension: d, extra, neurons, seed }: Draw.Drawn<typeof crowds>,
  distinct: number,
  { kernels }: Given,
) => {
  const root = Seed.root(seed)
  const size = d + extra
  const originals = normalRows(root.child("theta"), distinct, d, 0.5)
  const theta = Float64Array.from(
    { length: neurons * d },
    (_, k) => originals[(Math.floor(k / d) % distinct) * d + (k % d)]!,
  )
  const features = unitRows(root.child("features"), size, d)
  const activation = Activation.cubic(1)
  const options = { activation, features, dimension: d, neurons, kernels }
  return { network: twoLayerThrough(theta, options), theta }
}

export const clustersAndRank = claim({
  id: "label-noise/clusters-and-rank",
  statement:
    "With fewer than n / d distinct neurons the gradients of the n outputs are dependent: neurons that cluster beyond that lose the manifold of minima.",
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

const planar = Draw.record({
  dimension: Draw.oneOf<number>(2),
  extra: Draw.integer(1, 2),
  neurons: Draw.integer(4, 6),
  seed: Draw.seed(),
})

/** The largest eigenvalue that a coefficient of the Hessian could have, a scale for what counts as negative. */
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
    "Where the sharpness flow rests, sum_i c_i x_i x_i^T has no negative eigenvalue for the neurons of a cluster of two or more, with the coefficients c of the Riemannian Hessian: else two of them would part.",
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
