/** The least sharpness, where it is attained, and the rank of the outputs. */
import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Activation } from "../../network/Activation.ts"
import { flatLimit, flattest } from "../../limit/FlatLimit.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { residual, type TwoLayer } from "../../network/TwoLayer.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, type Problem, problems } from "../support/RandomNetwork.ts"

const instances = problems()

const leastMargin =
  (activation?: Activation) =>
  ({ problem }: Problem, given: Given): number => {
    const { network, theta } = expand(problem, given, activation)
    const { sharpness } = new Geometry(network).atParameters(theta)
    return Margin.atLeast(sharpness, flattest(network).sharpness, 1e-10)
  }

const sechSquare = (z: number): number => 1 - Math.tanh(z) ** 2

/** Increasing, but its third derivative is negative around 0. */
const tanh: Activation = {
  name: "tanh z",
  value: Math.tanh,
  first: sechSquare,
  second: (z) => -2 * Math.tanh(z) * sechSquare(z),
  third: (z) => sechSquare(z) * (6 * Math.tanh(z) ** 2 - 2),
  inverse: Math.atanh,
}

export const leastSharpness = claim<Problem>({
  id: "label-noise/least-sharpness",
  statement:
    "No network with the same outputs is flatter than the one whose neurons all agree: F >= m sum_i |x_i|^2 phi'(phi^-1(f_i / m))^2.",
  source: recalled("global minimum of the sharpness"),
  instances,
  margin: leastMargin(),
  controls: [
    {
      name: "tanh, whose third derivative changes sign",
      instances: problems({ activation: "sinh" }),
      margin: leastMargin(tanh),
    },
  ],
})

const solvedMargin =
  (solve: (network: TwoLayer, theta: Float64Array) => Float64Array) =>
  ({ problem }: Problem, given: Given): number => {
    const { network, theta } = expand(problem, given)
    const solved = solve(network, theta)
    const geometry = new Geometry(network).atParameters(solved)
    const size = 1 + Vector.maxAbs(network.labels)
    const scale = 1 + geometry.sharpness
    return Margin.all(
      Margin.equal(residual(network, solved), 0, { absolute: 1e-9 * size }),
      Margin.equal(geometry.sharpness, flattest(network).sharpness, { relative: 1e-9 }),
      Margin.equal(geometry.gradientNorm, 0, { absolute: 1e-9 * scale }),
      Margin.equal(Vector.maxAbs(geometry.s), 0, { absolute: 1e-9 * scale }),
    )
  }

/** Every neuron as the mean of all. */
const averaged = (network: TwoLayer, theta: Float64Array): Float64Array => {
  const { dimension: d, neurons: m } = network
  return theta.map((_, k) => {
    let sum = 0
    for (let j = 0; j < m; j++) sum += theta[j * d + (k % d)]!
    return sum / m
  })
}

export const directSolve = claim<Problem>({
  id: "label-noise/flat-limit-in-one-solve",
  statement:
    "The direct solve fits the labels, has the least sharpness, and is a fixed point of the sharpness flow.",
  source: derived("direct solve"),
  instances,
  margin: solvedMargin((network, theta) => flatLimit(network, theta).theta),
  controls: [
    { name: "all neurons averaged", margin: solvedMargin(averaged) },
    { name: "no change", margin: solvedMargin((_, theta) => theta) },
    {
      name: "half the way",
      margin: solvedMargin((network, theta) =>
        flatLimit(network, theta).theta.map((value, k) => (value + theta[k]!) / 2),
      ),
    },
  ],
})

const rankMargin =
  (bound: typeof Theory.leastTangentEigenvalue) =>
  ({ problem }: Problem, given: Given): number => {
    const { constants, mu, network, theta } = expand(problem, given)
    const eigenvalues = new Geometry(network).atParameters(theta).tangentEigenvalues()
    return Margin.atLeast(eigenvalues[0]!, bound(network.neurons, constants.rho1, mu), 1e-10)
  }

const nearZero = problems({ share: 0.05 })

export const outputsKeepRank = claim<Problem>({
  id: "label-noise/outputs-keep-rank",
  statement:
    "The smallest eigenvalue of J J^T is at least m rho1^2 mu, so that the minima form a smooth manifold.",
  source: derived("regularity"),
  instances,
  margin: rankMargin(Theory.leastTangentEigenvalue),
  controls: [
    {
      name: "a tenth more, near zero parameters",
      instances: nearZero,
      margin: rankMargin((...constants) => 1.1 * Theory.leastTangentEigenvalue(...constants)),
    },
    {
      name: "rho1 to the first power, at a slope of 0.2",
      instances: problems({ share: 0.05, slope: 0.2, activation: "cubic" }),
      margin: rankMargin((m, rho1, mu) => Theory.leastTangentEigenvalue(m, Math.sqrt(rho1), mu)),
    },
  ],
})
