/** The trace of the Hessian of a piecewise linear network is that of its Gauss-Newton matrix, and so is its gradient: ours. */
import { claim, type Given, Margin, parametrised } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as Activation from "@nonconvex/problems/network/Activation"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import type { Network } from "@nonconvex/problems/network/Network"
import {
  type Bends,
  expand,
  type NetworkInstance,
  networkInstance,
  unrolled,
} from "../support/Networks.ts"
import { derived } from "../support/Paper.ts"

type Any = Network<Architecture.Architecture>

/** The trace of each layer's block of the Hessian, by products with unit vectors. */
const byProducts = (objective: Any, point: Float64Array): ReadonlyArray<number> => {
  const unit = new Float64Array(objective.dimension)
  const out = new Float64Array(objective.dimension)
  const { layers } = objective.architecture
  return layers.map((layer, l) => {
    const end = layers[l + 1]?.weights ?? objective.dimension
    let sum = 0
    for (let i = layer.weights; i < end; i++) {
      unit[i] = 1
      objective.hessianVector(point, unit, out)
      sum += out[i]!
      unit[i] = 0
    }
    return sum
  })
}

const sumOf = (values: Iterable<number>): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

const close = (found: Float64Array, expected: ReadonlyArray<number>): number => {
  const scale = 1 + sumOf(expected.map(Math.abs))
  return Margin.all(
    ...expected.map((value, l) => Margin.equal(found[l]!, value, { absolute: 1e-11 * scale })),
  )
}

const compare = (
  instance: NetworkInstance,
  given: Given,
  activation: Activation.Activation,
  change: (layers: Float64Array) => void,
): number => {
  const { objective, point } = expand(instance, given, activation)
  const { layers } = objective.exactTrace!(point)
  change(layers)
  return close(layers, byProducts(objective, point))
}
const keep = (): void => {
  // the traces as they are
}

/** tr A' A of the Gauss-Newton factor against tr Hess. */
const gaussNewton = (instance: NetworkInstance, given: Given, bends: Bends): number => {
  const { objective, point } = expand(instance, given, bends)
  const factor = new Float64Array(objective.gaussNewton.rows * point.length)
  objective.gaussNewton.factor(point, factor)
  const expected = sumOf(byProducts(objective, point))
  return Margin.equal(Vector.dot(factor, factor), expected, {
    absolute: 1e-11 * (1 + Math.abs(expected)),
  })
}

export const exactTraceOfPiecewiseLinearNetworks = claim({
  id: "flat-minima/exact-trace-of-piecewise-linear-networks",
  statement:
    "Of a network with piecewise linear activations, with convolutions, pools and residual blocks or without, the trace of the Hessian and of each layer's block is that of the Gauss-Newton matrix, which one backward sweep an output gives.",
  source: derived("affine in the parameters of each layer"),
  instances: networkInstance("dense", "convolution", "residual"),
  margin: (instance, given) =>
    Margin.all(
      compare(instance, given, "relu", keep),
      compare(instance, given, "identity", keep),
      gaussNewton(instance, given, "relu"),
    ),
  controls: [
    {
      name: "tanh: the Gauss-Newton trace is not that of the Hessian",
      margin: (instance, given) => gaussNewton(instance, given, "tanh"),
    },
    {
      name: "tanh in one residual block only",
      instances: networkInstance("residual"),
      margin: (instance, given) => gaussNewton(instance, given, "relu, tanh in the block"),
    },
    {
      name: "the last layer counted twice",
      margin: (instance, given) =>
        compare(instance, given, "relu", (layers) => {
          layers[layers.length - 1]! *= 2
        }),
    },
    {
      name: "a convolution written out as a dense layer, whose weights are not shared",
      instances: networkInstance("convolution"),
      margin: (instance, given) => {
        const { objective, point } = expand(instance, given, "relu")
        const dense = unrolled(instance, given, objective, point)
        const { layers } = dense.objective.exactTrace!(dense.point)
        return close(layers, byProducts(objective, point))
      },
    },
  ],
})

export const gradientOfTheExactTrace = parametrised({
  id: "flat-minima/gradient-of-the-exact-trace",
  statement:
    "On its linear piece the gradient of that trace is 2 / n times the sum of Hess (s_k . f_i) grad (s_k . f_i), s_k s_k' the factors of the output's curvature, plus the part by which the factors move.",
  source: derived("the gradient of a squared gradient"),
  instances: networkInstance("dense", "convolution", "residual"),
  /** The slope of the exact trace along its gradient, against the gradient's square; `change` tampers with the gradient. */
  margin: (instance, given, change) => {
    const { objective, point } = expand(instance, given, "relu")
    const { gradient, value } = objective.hessianTrace!
    const slope = new Float64Array(point.length)
    gradient(point, slope)
    const direction = slope.slice()
    Vector.normalise(direction)
    change(slope)
    const expected = Vector.dot(slope, direction)
    // where a kink lies between two points a smaller step has none
    const errors = [1e-4, 1e-5, 1e-6, 1e-7].map((h) => {
      const [ahead, behind] = [h, -h].map((t) => value(point.map((x, j) => x + t * direction[j]!)))
      return Math.abs((ahead! - behind!) / (2 * h) - expected)
    })
    return Margin.atMost(Math.min(...errors), 1e-5 * (1 + value(point) + Math.abs(expected)))
  },
  holds: (_gradient: Float64Array): void => {},
  fails: [["half of it", (gradient) => Vector.scale(0.5, gradient)]],
})
