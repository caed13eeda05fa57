/** Where the sharpness flow ends, its final rate, and its two forms. */
import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { flatLimit } from "../../limit/FlatLimit.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as RungeKutta from "../../flow/RungeKutta.ts"
import { flowOfParameters, flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import * as Theory from "../../theory/Theory.ts"
import { preactivations, relabelled, type TwoLayer } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, type Expanded, problems, withNorms } from "../support/RandomNetwork.ts"

const instances = problems()

export const flowReachesLimit = claim({
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

/** Data weights of the slowest mode: an eigenvector of `G diag(2 w phi' phi''')` at the flat limit. */
const slowMode = ({ activation, gram, kernels, size: n, weights }: TwoLayer, v: Float64Array) => {
  const roots = v.map((z, i) =>
    Math.sqrt(2 * weights[i]! * activation.first(z) * activation.third(z)),
  )
  const scaled = gram.map((g, k) => g * roots[Math.floor(k / n)]! * roots[k % n]!)
  const vector = SymmetricEigen.eigen(scaled, n, kernels).vectors.subarray(0, n)
  return vector.map((x, i) => x / roots[i]!)
}

/** The flat limit with its first two neurons moved apart along the slowest mode, by about 1e-5. */
const nearLimit = ({ network, theta }: Expanded) => {
  const { dimension: d, features, gram, kernels, size: n } = network
  const limit = flatLimit(network, theta)
  const mode = slowMode(network, limit.preactivations)
  const { values, vectors } = SymmetricEigen.eigen(gram, n, kernels)
  const shift = new Float64Array(d)
  for (let k = 0; k < n; k++) {
    const vector = vectors.subarray(k * n, (k + 1) * n)
    const weight = Vector.dot(vector, mode) / values[k]!
    for (let i = 0; i < n; i++) {
      Vector.axpy(weight * vector[i]!, features.subarray(i * d, (i + 1) * d), shift)
    }
  }
  const size = 1e-5 / Vector.norm(mode)
  const start = Float64Array.from(limit.theta)
  Vector.axpy(size, shift, start.subarray(0, d))
  Vector.axpy(-size, shift, start.subarray(d, 2 * d))
  return { start, rate: limit.rate }
}

export const finalRate = claim({
  id: "label-noise/final-rate",
  statement:
    "Near the flat limit the slowest mode of the sharpness flow decays at the rate lambda_min(G diag(2 |x_i|^2 phi'(v_i) phi'''(v_i))).",
  inFloatingPoint: "limit",
  source: derived("linearised flow"),
  instances,
  value: ({ rate }: Expanded & { readonly rate: number }): number => rate,
  margin: ({ instance: { problem }, kernels, value: predicted }) => {
    const expanded = withNorms(expand(problem, { kernels }))
    const { rate, start } = nearLimit(expanded)
    const fitted = relabelled(expanded.network, start)
    const normAt = (time: number) =>
      flowOfPreactivations(fitted, start, { time, gradient: 0 }).gradientNorm
    const measured = (Elementary.log(normAt(1 / rate) / normAt(3 / rate)) * rate) / 2
    return Margin.equal(measured, predicted({ ...expanded, rate }), { relative: 1e-3 })
  },
  controls: [
    { name: "without the factor 2", value: ({ rate }) => rate / 2 },
    {
      name: "the guaranteed rate",
      value: ({ constants: { rho1, rho2 }, mu }) => Theory.guaranteedRate(rho1, rho2, mu),
    },
  ],
})

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

export const formsAgree = claim({
  id: "label-noise/forms-of-the-flow",
  statement: "The sharpness flow in the parameters and in the pre-activations is the same.",
  inFloatingPoint: "agreement",
  source: derived("two forms of the flow"),
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
