/** Random networks on random data of norm 1, as the theory assumes. */
import { Draw, type Given } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { normalRows, unitRows } from "./Rows.ts"
import * as Activation from "../../network/Activation.ts"
import * as Theory from "../../theory/Theory.ts"
import { coherence, type TwoLayer, twoLayerThrough } from "../../network/TwoLayer.ts"

const fields = {
  /** n. */
  size: Draw.integer(1, 4),
  /** d - n. */
  extra: Draw.integer(0, 3),
  neurons: Draw.integer(2, 8),
  activation: Draw.oneOf("cubic", "sinh"),
  /** nu of the cubic. */
  slope: Draw.linear(1, 0.2),
  /** Standard deviation of the parameters, relative to 1.5 for the cubic and 0.8 for sinh. */
  share: Draw.logarithmic(1, 0.1),
  seed: Draw.seed(),
}
export type RandomNetwork = {
  readonly [Field in keyof typeof fields]: Draw.Drawn<(typeof fields)[Field]>
}

/** A random network, some of whose fields are `fixed`. */
export const randomNetwork = (fixed: Partial<RandomNetwork> = {}) => {
  const chosen = Object.entries(fixed).map(([name, value]) => [name, Draw.oneOf(value)])
  return Draw.record<RandomNetwork>({ ...fields, ...Object.fromEntries(chosen) })
}

/** An instance that consists of a random network. */
export const problems = (fixed?: Partial<RandomNetwork>) =>
  Draw.record({ problem: randomNetwork(fixed) })
export type Problem = Draw.Drawn<ReturnType<typeof problems>>

/** Smallest coherence of the data in a claim. */
const leastCoherence = 0.05

const activationOf = ({ activation, slope }: RandomNetwork): Activation.Activation =>
  activation === "cubic" ? Activation.cubic(slope) : Activation.sinh

/**
 * The network of an instance, with its own activation or another. The labels are the outputs at `theta`, which is therefore a
 * minimum. `stream` gives a fresh stream for each label.
 */
export const expand = (
  instance: RandomNetwork,
  { kernels }: Given,
  activation = activationOf(instance),
) => {
  const { extra, neurons, share, size } = instance
  const seed = Seed.root(instance.seed)
  const dimension = size + extra
  const deviation = share * (instance.activation === "cubic" ? 1.5 : 0.8)
  const theta = normalRows(seed.child("theta"), neurons, dimension, deviation)
  const at = (attempt: number) => {
    const features = unitRows(seed.child("features").child(attempt), size, dimension)
    return twoLayerThrough(theta, { activation, features, dimension, neurons, kernels })
  }
  let network = at(0)
  for (let attempt = 1; coherence(network) < leastCoherence; attempt++) network = at(attempt)
  const stream = (label: string) => RandomStream.make(seed.child(label))
  const [mu, constants] = [coherence(network), Activation.assess(activation)]
  return { network, theta, mu, constants, stream }
}
export type Expanded = ReturnType<typeof expand>

/** A random direction of length 1 in the space of the parameters. */
export const randomDirection = ({ stream, theta }: Expanded, label = "direction"): Float64Array =>
  stream(label).onSphere(theta.length)

/** Convexity threshold of an instance. */
export const thresholdOf = ({ constants, mu }: Expanded): number =>
  Theory.convexityThreshold(mu, constants.beta)

/** The same with data of different norms: the first has norm `least`, the others lie between it and 1. */
export const rescaled = (
  { network, stream, theta }: Expanded,
  least: number,
): { readonly network: TwoLayer; readonly theta: Float64Array } => {
  const { dimension: d, features, size } = network
  const lengths = stream("lengths")
  const norms = Array.from({ length: size }, (_, i) =>
    i === 0 ? least : Elementary.pow(least, lengths.uniform()),
  )
  const scaled = features.map((value, k) => norms[Math.floor(k / d)]! * value)
  return { network: twoLayerThrough(theta, { ...network, features: scaled }), theta }
}

/** The same with data of norms from 0.5 to 1, so that the data have different weights. */
export const withNorms = (expanded: Expanded): Expanded => ({
  ...expanded,
  ...rescaled(expanded, 0.5),
})
