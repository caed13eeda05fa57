import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as Activation from "@nonconvex/problems/network/Activation"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import { exactTrace } from "@nonconvex/problems/network/ExactTrace"
import type { Network } from "@nonconvex/problems/network/Network"
import {
  type NetworkActivation,
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

const close = (found: Float64Array, expected: ReadonlyArray<number>): Margin.Comparison => {
  const scale = 1 + sumOf(expected.map(Math.abs))
  return Margin.all(
    ...expected.map((value, l) => Margin.equal(found[l]!, value, { absolute: 1e-11 * scale })),
  )
}

/** More samples than pass through a network together. */
const severalBlocks = 300

const repeated = (features: Float64Array, times: number): Float64Array => {
  const all = new Float64Array(times * features.length)
  for (let k = 0; k < times; k++) all.set(features, k * features.length)
  return all
}

const compare = (
  instance: NetworkInstance,
  given: Given,
  activation: Activation.Activation,
  change: (layers: Float64Array) => void,
): Margin.Comparison => {
  const { data, objective, point } = expand(instance, given, activation)
  const { layers, trace } = objective.exactTrace!(point)
  change(layers)
  const expected = byProducts(objective, point)
  const { architecture, size } = objective
  const features = repeated(data.features, Math.ceil(severalBlocks / size))
  const { curvature: loss } = data.loss
  const often = exactTrace({ ...data, architecture, features, loss })(point)
  return Margin.all(
    close(layers, expected),
    close(Float64Array.of(trace), [sumOf(expected)]),
    // a mean over data that are there several times is the mean over them, in however many blocks they pass
    close(often.layers, expected),
  )
}

const keep = (): void => {
  // the traces as they are
}

/** tr A' A of the Gauss-Newton factor, compared with tr Hess. */
const gaussNewton = (
  instance: NetworkInstance,
  given: Given,
  bends: NetworkActivation,
): Margin.Comparison => {
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
    "For a network with piecewise linear activations, the trace of the Hessian is that of the Gauss-Newton matrix, and so is that of each layer's block. One backward pass per output computes it. This holds with or without convolutions, pools and residual blocks.",
  inFloatingPoint: "agreement",
  source: derived("affine in the parameters of each layer"),
  instances: networkInstance("dense", "convolution", "residual"),
  margin: ({ instance, kernels }) =>
    Margin.all(
      compare(instance, { kernels }, "relu", keep),
      compare(instance, { kernels }, "identity", keep),
      gaussNewton(instance, { kernels }, "relu"),
    ),
  controls: [
    {
      name: "tanh: the Gauss-Newton trace is not that of the Hessian",
      margin: ({ instance, kernels }) => gaussNewton(instance, { kernels }, "tanh"),
    },
    {
      name: "tanh in one residual block only",
      instances: networkInstance("residual"),
      margin: ({ instance, kernels }) =>
        gaussNewton(instance, { kernels }, "relu, tanh in the block"),
    },
    {
      name: "the last layer counted twice",
      margin: ({ instance, kernels }) =>
        compare(instance, { kernels }, "relu", (layers) => {
          layers[layers.length - 1]! *= 2
        }),
    },
    {
      name: "a convolution written out as a dense layer, whose weights are not shared",
      instances: networkInstance("convolution"),
      margin: ({ instance, kernels }) => {
        const { objective, point } = expand(instance, { kernels }, "relu")
        const dense = unrolled(instance, { kernels }, objective, point)
        const { layers } = dense.objective.exactTrace!(dense.point)
        return close(layers, byProducts(objective, point))
      },
    },
  ],
})
