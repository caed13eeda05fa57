/** Gradient, retraction and Hessian of the sharpness on the minima. */
import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import { retract, solveGeneral } from "../../geometry/Retraction.ts"
import { preactivations, twoLayerThrough } from "../../network/TwoLayer.ts"
import { euclideanGradient } from "../support/EuclideanGradient.ts"
import { derived } from "../support/Paper.ts"
import {
  expand,
  type Expanded,
  type Problem,
  problems,
  randomDirection,
  withNorms,
} from "../support/RandomNetwork.ts"

const instances = problems()

const gradientAt = (geometry: Geometry): Float64Array => geometry.gradient()

/** The same with its first datum once more: the gradients of the outputs are dependent. */
const withRepeated = ({ network, theta }: Expanded) => {
  const { dimension, features } = network
  const repeated = Float64Array.of(...features, ...features.subarray(0, dimension))
  return { theta, network: twoLayerThrough(theta, { ...network, features: repeated }) }
}

export const gradientIsTangent = claim({
  id: "label-noise/gradient-is-tangent",
  statement: "Along the Riemannian gradient of the sharpness no output changes to first order.",
  inFloatingPoint: "agreement",
  source: derived("Riemannian gradient"),
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

/** Sharpness at multiples -2 to 2 of a step along the retraction, and the step. */
const alongRetraction = ({ network, theta }: Expanded, direction: Float64Array) => {
  const h = 2e-3
  const geometry = new Geometry(network)
  const values = [-2, -1, 0, 1, 2].map((k) => {
    const moved = direction.map((u) => k * h * u)
    return geometry.atParameters(retract(network, theta, moved)).sharpness
  })
  return { h, values }
}

export const gradientIsSlope = claim({
  id: "label-noise/gradient-is-slope",
  statement:
    "The derivative of the sharpness along the orthographic retraction of any direction is the inner product with the Riemannian gradient.",
  inFloatingPoint: "agreement",
  source: derived("Riemannian gradient and retraction"),
  instances,
  value: gradientAt,
  margin: ({ instance: { problem }, kernels, value: direction }) => {
    const expanded = withNorms(expand(problem, { kernels }))
    const geometry = new Geometry(expanded.network).atParameters(expanded.theta)
    const u = randomDirection(expanded)
    const { h, values } = alongRetraction(expanded, u)
    const [a, b, , c, d] = values as [number, number, number, number, number]
    const measured = (a - 8 * b + 8 * c - d) / (12 * h)
    const expected = Vector.dot(direction(geometry), u)
    const size = Vector.norm(euclideanGradient(geometry)) + geometry.sharpness
    return Margin.equal(measured, expected, { absolute: 1e-6 * size })
  },
  controls: [
    { name: "the Euclidean gradient", value: euclideanGradient },
    { name: "half the gradient", value: (geometry) => gradientAt(geometry).map((g) => g / 2) },
  ],
})

const withoutMultipliers = (geometry: Geometry, direction: Float64Array): number => {
  const { network, p, q, t } = geometry
  return preactivations(network, direction).reduce((sum, v, k) => {
    const weight = network.weights[Math.floor(k / network.neurons)]!
    return sum + 2 * weight * (q[k]! * q[k]! + p[k]! * t[k]!) * v * v
  }, 0)
}

export const hessianIsCurvature = claim({
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

/** The systems of the retraction are solved in any order of their equations, also where the diagonal is null. */
const solvesInAnyOrder = ({ stream }: Expanded): Margin.Comparison => {
  const n = 6
  const [order, entries] = [stream("order"), stream("entries")]
  const places = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const k = Math.floor(order.uniform() * i)
    ;[places[i], places[k]] = [places[k]!, places[i]!]
  }
  // in each row one large entry, never on the diagonal, beside which the others are lost where they are divided by
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, c] = [Math.floor(at / n), at % n]
    return places[i] === c ? 1 + entries.uniform() : i === c ? 0 : 1e-9 * entries.normal()
  })
  const expected = Array.from({ length: n }, () => entries.normal())
  const right = Float64Array.from({ length: n }, (_, i) =>
    expected.reduce((sum, x, c) => sum + matrix[i * n + c]! * x, 0),
  )
  solveGeneral(matrix.slice(), n, right)
  return Margin.all(
    ...expected.map((x, c) => Margin.equal(right[c]!, x, { absolute: 1e-12 * (1 + Math.abs(x)) })),
  )
}

export const retractionIsOrthographic = claim<
  Problem,
  (start: Float64Array, end: Float64Array) => Float64Array
>({
  id: "label-noise/orthographic-retraction",
  statement:
    "The retraction adds to a direction what lies in the span of the gradients of the outputs at its start, and nothing along the minima there.",
  inFloatingPoint: "agreement",
  source: derived("retraction along the normal space of the start"),
  instances,
  value: (start) => start,
  margin: ({ instance: { problem }, kernels, value: projectAt }) => {
    const expanded = withNorms(expand(problem, { kernels }))
    const { network, theta } = expanded
    const u = randomDirection(expanded)
    const moved = retract(
      network,
      theta,
      u.map((value) => 0.1 * value),
    )
    const added = moved.map((value, k) => value - theta[k]! - 0.1 * u[k]!)
    new Geometry(network).atParameters(projectAt(theta, moved)).project(added)
    return Margin.all(
      Margin.equal(Vector.norm(added), 0, { absolute: 1e-10 * (1 + Vector.norm(theta)) }),
      solvesInAnyOrder(expanded),
    )
  },
  controls: [{ name: "the gradients where it leads", value: (_, end) => end }],
})
