/**
 * The exact trace of the Hessian of a network that is piecewise linear in each layer's parameters.
 *
 * Theorem (derived here). Let the outputs f of a network be affine in the parameters of layer l, the others fixed, on the piece
 * around a point: so it is where all activations are piecewise linear, for dense and convolutional layers and with residual
 * connections, but not with batch norm or attention. Then the block of the Hessian of `loss(f)` that belongs to layer l is
 * `J_l' H_f J_l`, the Gauss-Newton block, because the other term is `sum_k (dloss/df_k) d2f_k / dW_l^2 = 0`. The trace of the
 * Hessian is the sum of the traces of its diagonal blocks, so it is the trace of the Gauss-Newton matrix.
 *
 * With `H_f = sum_k s_k s_k'`, a dense layer with input a and output z has `tr = (|a|^2 + 1) sum_k |(df/dz)' s_k|^2` for each
 * sample, 1 for the bias: one backward sweep for each output, no probes and no error bar.
 */
import { Kernels } from "@nonconvex/numerics"
import { invalid, requireLength } from "../Input.ts"
import { requireSamples, type Samples } from "../Samples.ts"
import { type Activation, identity, relu } from "./Activation.ts"
import { type Architecture, biases, weights } from "./Architecture.ts"

/** The Hessian of a loss in the outputs: the identity for the squared loss, `diag p - p p'` for softmax cross entropy. */
export type OutputCurvature = "squared" | "cross entropy"

export interface ExactTrace {
  readonly trace: number
  /** The trace of each layer's block, from input to output; they add up to `trace`. */
  readonly layers: Float64Array
}

/** Whether a network with this activation is affine in the parameters of each layer, piece by piece. */
export const isPiecewiseLinear = (activation: Activation): boolean =>
  activation === relu || activation === identity

/** Samples that go through together. */
const largestTurn = 256

/** `sqrt(p_k) (e_k - p)` for every k, row after row: their outer products add up to `diag p - p p'`. */
const softmaxFactors = (
  logits: Float64Array,
  at: number,
  classes: number,
  out: Float64Array,
): void => {
  let largest = Number.NEGATIVE_INFINITY
  for (let k = 0; k < classes; k++) largest = Math.max(largest, logits[at + k]!)
  let sum = 0
  for (let k = 0; k < classes; k++) sum += Math.exp(logits[at + k]! - largest)
  const from = at * classes
  for (let k = 0; k < classes; k++) {
    const root = Math.sqrt(Math.exp(logits[at + k]! - largest) / sum)
    let others = 0
    for (let j = 0; j < classes; j++) {
      const p = Math.exp(logits[at + j]! - largest) / sum
      out[from + k * classes + j] = -root * p
      if (j !== k) others += p
    }
    // 1 - p without cancellation
    out[from + k * classes + k] = root * others
  }
}

const squares = (values: Float64Array, begin: number, end: number): number => {
  let sum = 0
  for (let i = begin; i < end; i++) sum += values[i]! * values[i]!
  return sum
}

/**
 * A function that computes the exact trace of the Hessian of the mean loss at the parameters `x`, and of each layer's block.
 *
 * At a kink of ReLU the slope counts as 0, as in the gradient. Its memory is laid out here. Throws InvalidInput where an
 * activation is not piecewise linear, for there the Gauss-Newton trace is not that of the Hessian, and where samples and first
 * layer do not fit together.
 */
export const exactTrace = (
  options: Samples & {
    readonly architecture: Architecture
    readonly loss: OutputCurvature
    readonly kernels?: Kernels.Kernels
  },
): ((x: Float64Array) => ExactTrace) => {
  const { architecture, dimension, features, kernels = Kernels.strict(), loss } = options
  const { activation, layers, widths } = architecture
  const size = requireSamples("exactTrace", options)
  if (dimension !== widths[0]) {
    invalid("exactTrace", "samples and first layer must have the same width", {
      dimension,
      "widths[0]": widths[0]!,
    })
  }
  if (!isPiecewiseLinear(activation)) {
    invalid(
      "exactTrace",
      `the activation ${activation} is not piecewise linear: the trace of the Hessian is not the Gauss-Newton trace; estimate it`,
      { layers: layers.length },
    )
  }
  const capacity = Math.min(largestTurn, size)
  const outputs = widths.at(-1)!
  const values = widths.map((width) => new Float64Array(capacity * width))
  const slopes = widths.map((width) => new Float64Array(capacity * width))
  const sweeps = widths.map(
    (width, l) => new Float64Array(l === 0 ? 0 : capacity * outputs * width),
  )

  const forward = (rows: number, x: Float64Array): void => {
    for (const [l, layer] of layers.entries()) {
      const width = layer.outputs
      const out = values[l + 1]!.subarray(0, rows * width)
      const input = values[l]!.subarray(0, rows * layer.inputs)
      kernels.gemm(false, true, rows, width, layer.inputs, 1, input, weights(layer, x), 0, out)
      const bias = biases(layer, x)
      for (let at = 0; bias.length > 0 && at < out.length; at += width) {
        for (let j = 0; j < width; j++) out[at + j]! += bias[j]!
      }
      if (l < layers.length - 1) {
        kernels.activate(activation, out, out, slopes[l + 1]!.subarray(0, rows * width))
      }
    }
  }
  const start = (rows: number): void => {
    const sweep = sweeps.at(-1)!
    if (loss === "squared") {
      sweep.fill(0)
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < outputs; k++) sweep[(i * outputs + k) * outputs + k] = 1
      }
    } else {
      for (let i = 0; i < rows; i++) softmaxFactors(values.at(-1)!, i * outputs, outputs, sweep)
    }
  }
  /** Adds the traces of layer l for these rows, from the sweep at its output. */
  const collect = (l: number, rows: number): number => {
    const layer = layers[l]!
    const block = outputs * layer.outputs
    const extra = layer.bias === undefined ? 0 : 1
    let sum = 0
    for (let i = 0; i < rows; i++) {
      const input = squares(values[l]!, i * layer.inputs, (i + 1) * layer.inputs)
      sum += (input + extra) * squares(sweeps[l + 1]!, i * block, (i + 1) * block)
    }
    return sum
  }
  /** The sweep at the input of layer l, behind the activation that made it. */
  const pullBack = (l: number, rows: number, x: Float64Array): void => {
    const { inputs, outputs: width } = layers[l]!
    const out = sweeps[l]!.subarray(0, rows * outputs * inputs)
    const from = sweeps[l + 1]!.subarray(0, rows * outputs * width)
    kernels.gemm(
      false,
      false,
      rows * outputs,
      inputs,
      width,
      1,
      from,
      weights(layers[l]!, x),
      0,
      out,
    )
    const slope = slopes[l]!
    for (let i = 0, at = 0; i < rows; i++) {
      for (let k = 0; k < outputs; k++) {
        for (let j = 0; j < inputs; j++) out[at++]! *= slope[i * inputs + j]!
      }
    }
  }

  return (x) => {
    requireLength("exactTrace", "x", x, architecture.dimension)
    const sums = new Float64Array(layers.length)
    for (let from = 0; from < size; from += capacity) {
      const rows = Math.min(capacity, size - from)
      values[0]!.set(features.subarray(from * dimension, (from + rows) * dimension))
      forward(rows, x)
      start(rows)
      for (let l = layers.length - 1; l >= 0; l--) {
        sums[l]! += collect(l, rows) / size
        if (l > 0) pullBack(l, rows, x)
      }
    }
    return { trace: sums.reduce((sum, value) => sum + value, 0), layers: sums }
  }
}
