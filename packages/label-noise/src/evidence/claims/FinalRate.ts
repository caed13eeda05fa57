import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import { relabelled, type TwoLayer } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, problems, withNorms } from "../support/RandomNetwork.ts"

const instances = problems()

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
