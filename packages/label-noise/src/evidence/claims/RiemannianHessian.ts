import { claim, Margin } from "@nonconvex/evidence"
import { Geometry } from "../../geometry/Geometry.ts"
import { preactivations } from "../../network/TwoLayer.ts"
import { alongRetraction } from "../support/AlongRetraction.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems, randomDirection, withNorms } from "../support/RandomNetwork.ts"

const instances = problems()

const withoutMultipliers = (geometry: Geometry, direction: Float64Array): number => {
  const { network, p, q, t } = geometry
  return preactivations(network, direction).reduce((sum, v, k) => {
    const weight = network.weights[Math.floor(k / network.neurons)]!
    return sum + 2 * weight * (q[k]! * q[k]! + p[k]! * t[k]!) * v * v
  }, 0)
}

export const riemannianHessian = claim({
  id: "label-noise/riemannian-hessian",
  statement:
    "The second derivative of the sharpness along the orthographic retraction of a tangent direction is sum_ij (2 w (phi''^2 + phi' phi''') - alpha_i phi'') (x_i . u_j)^2.",
  inFloatingPoint: "agreement",
  source: derived("Riemannian Hessian"),
  instances,
  value: (geometry: Geometry, u: Float64Array) => geometry.hessian(u),
  margin: ({ instance: { problem }, kernels, value: hessian }) => {
    const expanded = withNorms(expand(problem, { kernels }))
    const geometry = new Geometry(expanded.network).atParameters(expanded.theta)
    const u = randomDirection(expanded)
    geometry.project(u)
    const { h, values } = alongRetraction(expanded, u)
    const [a, b, middle, c, d] = values as [number, number, number, number, number]
    const measured = (-a + 16 * b - 30 * middle + 16 * c - d) / (12 * h * h)
    const size = Math.abs(geometry.hessian(u)) + geometry.sharpness
    return Margin.equal(measured, hessian(geometry, u), { absolute: 1e-5 * size })
  },
  controls: [
    { name: "the Hessian in the space of all parameters", value: withoutMultipliers },
    { name: "half the Hessian", value: (geometry, u) => geometry.hessian(u) / 2 },
  ],
})
