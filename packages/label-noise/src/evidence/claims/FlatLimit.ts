/** The least sharpness, where it is attained, and the rank of the outputs. */
import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Activation } from "../../network/Activation.ts"
import { flatLimit, flattest, inverse } from "../../limit/FlatLimit.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { residual, type TwoLayer } from "../../network/TwoLayer.ts"
import { exactCubic, type ExactSlopes, exactSinh, exactTanh } from "../support/ExactActivation.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, problems, type RandomNetwork, withNorms } from "../support/RandomNetwork.ts"

const instances = problems()

const sechSquare = (z: number): number => 1 - Elementary.square(Elementary.tanh(z))

/** Increasing, but its third derivative is negative around 0. */
const tanh: Activation = {
  name: "tanh z",
  value: Elementary.tanh,
  first: sechSquare,
  second: (z) => -2 * Elementary.tanh(z) * sechSquare(z),
  third: (z) => sechSquare(z) * (6 * Elementary.square(Elementary.tanh(z)) - 2),
  inverse: Elementary.atanh,
}

/** The sharpness of the network at parameters, against that of the flattest with the same outputs. */
const exactLeast = (
  { dimension: d, features, neurons: m, size: n }: TwoLayer,
  theta: Float64Array,
  { slope, slopeWhere, value }: ExactSlopes,
): Exact.Compared => {
  const rowsOf = (x: Float64Array, count: number) =>
    Array.from({ length: count }, (_, k) => Exact.vector(x.subarray(k * d, (k + 1) * d)))
  const rows = rowsOf(theta, m)
  const data = rowsOf(features, n).map((datum) => {
    const z = rows.map((row) => Exact.dot(datum, row))
    const mean = Exact.divide(Exact.sum(...z.map(value)), Exact.of(m))
    const squares = Exact.sum(...z.map((each) => Exact.square(slope(each))))
    const weight = Exact.dot(datum, datum)
    const alike = Exact.multiply(Exact.of(m), Exact.square(slopeWhere(mean)))
    return { sharpness: Exact.multiply(weight, squares), least: Exact.multiply(weight, alike) }
  })
  const least = Exact.sum(...data.map((each) => each.least))
  const slack = Exact.of("0.9999999999")
  return Exact.atLeast(
    Exact.sum(...data.map(({ sharpness }) => sharpness)),
    Exact.multiply(slack, least),
  )
}

const exactOf = ({ activation, slope }: RandomNetwork): ExactSlopes =>
  activation === "cubic" ? exactCubic(slope) : exactSinh

export const leastSharpness = claim({
  id: "label-noise/least-sharpness",
  statement:
    "No network with the same outputs is flatter than the one whose neurons all agree: F >= m sum_i |x_i|^2 phi'(phi^-1(f_i / m))^2.",
  source: recalled("global minimum of the sharpness"),
  instances,
  value: undefined,
  margin: ({ instance: { problem }, kernels, value: activation }) => {
    const { network, theta } = withNorms(expand(problem, { kernels }, activation))
    const { sharpness } = new Geometry(network).atParameters(theta)
    return Margin.atLeast(sharpness, flattest(network).sharpness, 1e-10)
  },
  exactly: ({ instance: { problem }, kernels, value: activation }) => {
    const { network, theta } = withNorms(expand(problem, { kernels }, activation))
    return exactLeast(network, theta, activation === undefined ? exactOf(problem) : exactTanh)
  },
  controls: [
    {
      name: "tanh, whose third derivative changes sign",
      value: tanh,
      instances: problems({ activation: "sinh" }),
    },
  ],
})

const solved = (network: TwoLayer, theta: Float64Array): Float64Array =>
  flatLimit(network, theta).theta

/** Every neuron as the mean of all. */
const averaged = (network: TwoLayer, theta: Float64Array): Float64Array => {
  const { dimension: d, neurons: m } = network
  return theta.map((_, k) => {
    let sum = 0
    for (let j = 0; j < m; j++) sum += theta[j * d + (k % d)]!
    return sum / m
  })
}

export const directSolve = claim({
  id: "label-noise/flat-limit-in-one-solve",
  statement:
    "The direct solve fits the labels, has the least sharpness, and is a fixed point of the sharpness flow.",
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

export const outputsKeepRank = claim({
  id: "label-noise/outputs-keep-rank",
  statement:
    "The smallest eigenvalue of J J^T is at least m rho1^2 mu, attained at parameters 0, so that the minima form a smooth manifold.",
  inFloatingPoint: "spectrum",
  source: derived("regularity"),
  instances,
  value: Theory.leastTangentEigenvalue,
  margin: ({ instance: { problem }, kernels, value: bound }) => {
    const { constants, mu, network, theta } = expand(problem, { kernels })
    const leastAt = (point: Float64Array) =>
      new Geometry(network).atParameters(point).tangentEigenvalues()[0]!
    const least = bound(network.neurons, constants.rho1, mu)
    // there every slope is rho1
    const silent = leastAt(new Float64Array(theta.length))
    return Margin.all(
      Margin.atLeast(leastAt(theta), least, 1e-10),
      Margin.equal(silent, least, { relative: 1e-9 }),
    )
  },
  controls: [
    {
      name: "a tenth more, near zero parameters",
      value: (...constants) => 1.1 * Theory.leastTangentEigenvalue(...constants),
      instances: problems({ share: 0.05 }),
    },
    {
      name: "rho1 to the first power, at a slope of 0.2",
      value: (m, rho1, mu) => Theory.leastTangentEigenvalue(m, Math.sqrt(rho1), mu),
      instances: problems({ share: 0.05, slope: 0.2, activation: "cubic" }),
    },
  ],
})
