/**
 * Exact trace of the Hessian of a network that is piecewise linear in each layer's parameters.
 *
 * Theorem (derived here). Let the outputs f of a network be affine in the parameters of layer l, with the others fixed, on
 * the piece around a point. This holds if all activations are piecewise linear, for dense and convolutional layers, average
 * and max pools, residual connections and frozen batch norm. Every path from input to output then passes through a layer at
 * most once, and only affine maps follow. It fails for batch norm in training and for attention, where a layer's output is
 * divided or multiplied by itself. Then the block of the Hessian of `loss(f)` that belongs to layer l is `J_l' H_f J_l`, the
 * Gauss-Newton block, because the other term is `sum_k (dloss/df_k) d2f_k / dW_l^2 = 0`. The trace of the Hessian is the sum
 * of the traces of its diagonal blocks, so it is the trace of the Gauss-Newton matrix.
 *
 * With `H_f = sum_k s_k s_k'` the trace of the block is the sum over samples and k of the squared norm of the gradient of
 * `s_k . f` in W_l. For a dense layer with input a that is `(|a|^2 + 1) |delta_k|^2`, with 1 for the bias. For a convolution
 * it is the norm of the correlation of the deltas with the input. It takes one backward sweep per output, without random
 * probes, and has no statistical error. For two layers, and kernels whose sums have no fixed order, one matrix product
 * replaces the sweep (ShallowTrace).
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { activations, type Architecture } from "./Architecture.ts"
import * as Memory from "../internal/network/Memory.ts"
import { type OutputCurvature } from "../internal/network/OutputFactors.ts"
import { requireSeparable, requireSamples, type Samples } from "../internal/Samples.ts"
import { isCoupled, isLinear, traceIn, type ExactTrace } from "../internal/network/TraceOfLayers.ts"

/**
 * Function that computes the exact trace of the Hessian of the mean loss at the parameters `x`, and of each layer's block.
 *
 * At a kink of ReLU the slope counts as 0, as in the gradient. Its memory is allocated here; a `Network` has the same
 * function as `exactTrace`, in its own memory. Throws InvalidInput if an activation is not piecewise linear, because the
 * Gauss-Newton trace then differs from that of the Hessian. Also throws it if samples and first layer do not match.
 *
 * @example
 * ```ts import.meta.vitest
 * import { exactTrace } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 *
 * const architecture = Architecture.make({ widths: [1, 1, 1], activation: "identity", bias: false })
 * const traceAt = exactTrace({ features: Float64Array.of(1), dimension: 1, architecture, loss: "squared" })
 * // of (v u x - y)^2 / 2 at u = 2, v = 3, x = 1: v^2 for u and u^2 for v
 * const { layers, trace } = traceAt(Float64Array.of(2, 3))
 * trace // => 13
 * layers // => Float64Array.of(9, 4)
 * ```
 */
export const exactTrace = (
  options: Samples & {
    readonly architecture: Architecture
    readonly loss: OutputCurvature
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  },
): ((x: Float64Array) => ExactTrace) => {
  const { architecture, dimension, features, kernels = Kernels.standard(), loss } = options
  Require.object("exactTrace", "architecture", architecture, "inputs", "dimension")
  const size = requireSamples("exactTrace", options)
  if (dimension !== architecture.inputs) {
    invalid("exactTrace", "samples and first layer must have the same width", {
      dimension,
      inputs: architecture.inputs,
    })
  }
  requireSeparable("exactTrace", architecture)
  const bent = activations(architecture).find((name) => !isLinear(name))
  if (bent !== undefined) {
    invalid(
      "exactTrace",
      `the activation ${bent} is not piecewise linear: the trace of the Hessian is not the Gauss-Newton trace; estimate it`,
      { layers: architecture.layers.length },
    )
  }
  if (isCoupled(architecture)) {
    invalid(
      "exactTrace",
      "attention and layer normalisation are not piecewise linear: the trace of the Hessian is not the Gauss-Newton trace; estimate it",
      { layers: architecture.layers.length },
    )
  }
  const memory = Memory.memory(kernels, architecture, Memory.capacityFor(architecture, size))
  const compute = traceIn(kernels, memory, architecture, features, loss)
  return (x) => {
    Require.length("exactTrace", "x", x.length, architecture.dimension)
    return compute(x)
  }
}
