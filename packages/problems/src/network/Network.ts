import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Constants from "../Constants.ts"
import type { SmoothFiniteSum } from "../LinearModel.ts"
import type { GaussNewton } from "../Objective.ts"
import { everyIndex } from "../Samples.ts"
import { type Architecture, type FullyConnected } from "./Architecture.ts"

import { factorIn } from "../internal/network/GaussNewton.ts"
import type { LossStage } from "../internal/network/LossStage.ts"
import type { Loss } from "./Loss.ts"
import { formOf, linearisedIn, type Product } from "../internal/network/Linearised.ts"
import * as Memory from "../internal/network/Memory.ts"
import { gather, predictor, requireRows } from "../internal/network/NetworkRows.ts"
import { traceGradientIn } from "../internal/network/TraceGradient.ts"
import { requireSeparable, type Samples } from "../internal/Samples.ts"
import { type ExactTrace, isPiecewiseLinear, traceIn } from "../internal/network/TraceOfLayers.ts"

/** Mean loss of a network over samples, as a function of its parameters. */
export interface Network<Of extends Architecture = FullyConnected> extends SmoothFiniteSum {
  readonly architecture: Of
  /** The exact trace of the Hessian and of each layer's block; absent where an activation is not piecewise linear. */
  readonly exactTrace?: (x: Float64Array) => ExactTrace
  readonly gaussNewton: GaussNewton
  /** Writes the outputs for each row of `inputs` at the parameters `x`, row-major, before any softmax. */
  predict(x: Float64Array, inputs: Float64Array, outputs: Float64Array): void
  /** Share of the rows of `inputs` whose largest output (the first of several) is that of the label. */
  accuracy(x: Float64Array, inputs: Float64Array, labels: ArrayLike<number>): number
}

/**
 * The network with the given architecture and loss on samples of `widths[0]` features.
 *
 * Gradient and Hessian-vector product are exact (for ReLU and max pools those of the linear piece, with slope 0 at a kink of
 * ReLU). Memory is allocated here, and views of it when a batch of a new size first appears. Caches the features, which must
 * not change: Hessian products at one point reuse the results of the first. Throws InvalidInput if samples, architecture and
 * targets do not match or are not finite, and on batch normalisation, which needs `batchNormalised`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { network } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const architecture = Architecture.make({ widths: [1, 1], activation: "tanh" })
 * const samples = { features: Float64Array.of(1, 3), dimension: 1 }
 * const fit = network({ ...samples, architecture, loss: Loss.squared(Float64Array.of(3, 5)) })
 * // weight 2 and bias 1 give 3 and 7
 * const gradient = new Float64Array(2)
 * fit.valueAndGradient(Float64Array.of(2, 1), gradient) // => 1
 * gradient // => Float64Array.of(3, 1)
 * ```
 */
export const network = <Of extends Architecture>(
  options: Samples & {
    readonly architecture: Of
    readonly loss: Loss
    /** Default the strict kernels of this thread, with the same bits on every machine. */
    readonly kernels?: Kernels.Kernels
  },
): Network<Of> => {
  const { architecture, dimension: inputs, features, kernels = Kernels.standard() } = options
  Require.object("network", "architecture", architecture, "inputs", "dimension")
  Require.object("network", "loss", options.loss, "attach")
  const size = requireRows("network", options)
  requireSeparable("network", architecture)
  const { outputs } = architecture
  const attached = options.loss.attach(size, outputs)
  const capacity = Memory.capacityFor(architecture, size)
  const canKeep = Memory.canKeep(architecture, size)
  const memory = Memory.memory(kernels, architecture, capacity, { kept: canKeep ? size : 0 })
  const { parameters } = memory
  const all = everyIndex(size)

  const ends = new Map<Memory.Frame, LossStage>()
  const endOf = (frame: Memory.Frame): LossStage => {
    const known = ends.get(frame)
    if (known !== undefined) return known
    const end = attached(kernels, frame.output)
    ends.set(frame, end)
    return end
  }

  const batchValueAndGradient: Network["batchValueAndGradient"] = (indices, x, gradient) => {
    const weight = 1 / indices.length
    let sum = 0
    Require.length("network", "gradient", gradient.length, architecture.dimension)
    Memory.setParameters(memory, x)
    parameters.adjoint.fill(0)
    for (let start = 0; start < indices.length; start += capacity) {
      const frame = memory.frame(Math.min(capacity, indices.length - start))
      gather(features, indices, start, inputs, frame.input)
      Memory.forward(frame)
      sum += endOf(frame).evaluate(indices, start, weight)
      Memory.backward(frame)
    }
    gradient.set(parameters.adjoint)
    return weight * sum
  }

  const productOf = (
    indices: Uint32Array,
    x: Float64Array,
    v: Float64Array,
    out: Float64Array,
  ): number => {
    const weight = 1 / indices.length
    Require.length("network", "v", v.length, architecture.dimension)
    Require.length("network", "out", out.length, architecture.dimension)
    Memory.setParameters(memory, x)
    parameters.tangent.set(v)
    parameters.adjointTangent.fill(0)
    let form = 0
    for (let start = 0; start < indices.length; start += capacity) {
      const frame = memory.frame(Math.min(capacity, indices.length - start))
      const end = endOf(frame)
      gather(features, indices, start, inputs, frame.input)
      Memory.forward(frame)
      end.evaluate(indices, start, weight)
      Memory.sweep(frame)
      Memory.forwardTangent(frame)
      end.evaluateTangent(weight)
      form += formOf(frame)
      Memory.backwardTangent(frame)
    }
    out.set(parameters.adjointTangent)
    return form
  }

  const product: Product = canKeep
    ? linearisedIn(
        memory,
        architecture,
        features,
        (frame) => attached(kernels, frame.output),
        options.loss,
      )
    : (x, v, out) => productOf(all, x, v, out)

  const { curvature } = options.loss
  const traces = traceIn(kernels, memory, architecture, features, curvature)
  const trace = isPiecewiseLinear(architecture) ? traces : undefined
  const moved = new Float64Array(architecture.dimension)
  return {
    name: `network ${architecture.name}, ${options.loss.name}`,
    dimension: architecture.dimension,
    size,
    architecture,
    constants: { minimum: Constants.bound(0, "no sample has a negative loss") },
    batchValueAndGradient,
    batchHessianVector: (indices, x, v, out) => void productOf(indices, x, v, out),
    gaussNewton: {
      rows: size * outputs,
      factor: factorIn(memory, architecture, features, curvature),
      split: {
        trace: (x) => traces(x).trace,
        rest: (x, v) => {
          const form = product(x, v, moved)
          return Vector.dot(v, moved) - form
        },
      },
    },
    ...(trace !== undefined && {
      exactTrace: trace,
      hessianTrace: {
        value: (x) => trace(x).trace,
        gradient: traceGradientIn(memory, architecture, features, curvature),
      },
    }),
    valueAndGradient: (x, gradient) => batchValueAndGradient(all, x, gradient),
    hessianVector: (x, v, out) => void product(x, v, out),
    ...predictor(memory, architecture),
  }
}
