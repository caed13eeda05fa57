import type * as Kernels from "@nonconvex/numerics/Kernels"
import { perSample } from "./PerSample.ts"
import type { Layer } from "./Nodes.ts"
import { isConstant, slice, type Signal, type Space } from "./Signal.ts"
import type { Stage } from "./Stage.ts"

/**
 * Largest number of terms that a matrix product sums at once. Up to this number `b + s` and `s + b` are equal; beyond it
 * they are not.
 */
const termsAtOnce = 256

/** Fills each row of `out` with the biases; requires biases. */
export const fillRows = (bias: Float64Array, out: Float64Array): void => {
  for (let at = 0; at < out.length; at += bias.length) out.set(bias, at)
}

/** Adds the biases to each row. */
const addToRows = (bias: Float64Array, out: Float64Array): void => {
  const width = bias.length
  for (let at = 0; at < out.length; at += width) {
    for (let j = 0; j < width; j++) out[at + j]! += bias[j]!
  }
}

/**
 * The affine stage of a layer: each row `a` of the input becomes `W a + b`. A sample has `positions` rows, the windows of a
 * convolution.
 */
export const dense = (
  kernels: Kernels.Kernels,
  layer: Layer,
  parameters: Signal,
  input: Signal,
  output: Signal,
  { positions, space }: { readonly positions: number; readonly space: Space },
): Stage => {
  const { gemm, gemv } = kernels
  const { inputs, outputs } = layer
  const first = isConstant(input)
  const rows = output.value.length / outputs
  const weights = slice(parameters, layer.weights, layer.weights + outputs * inputs)
  const bias = slice(
    parameters,
    layer.bias ?? 0,
    layer.bias === undefined ? 0 : layer.bias + outputs,
  )

  /** out = keep out + rows W^T */
  const apply = (matrix: Float64Array, from: Float64Array, keep: 0 | 1, out: Float64Array): void =>
    gemm(false, true, rows, outputs, inputs, 1, from, matrix, keep, out)
  /** out = rows W^T + b */
  const applyWithBias = (
    matrix: Float64Array,
    shift: Float64Array,
    from: Float64Array,
    out: Float64Array,
  ): void => {
    const isFirst = shift.length > 0 && inputs <= termsAtOnce
    if (isFirst) fillRows(shift, out)
    apply(matrix, from, isFirst ? 1 : 0, out)
    if (shift.length > 0 && !isFirst) addToRows(shift, out)
  }
  /** out = keep out + rows W */
  const pullBack = (
    matrix: Float64Array,
    from: Float64Array,
    keep: 0 | 1,
    out: Float64Array,
  ): void => gemm(false, false, rows, inputs, outputs, 1, from, matrix, keep, out)
  const ones = space(layer.bias === undefined ? 0 : rows).fill(1)
  /** Adds the sum over the rows to the gradient of the biases, if there are any. */
  const addColumnSums = (from: Float64Array, out: Float64Array): void => {
    if (out.length > 0) gemv(true, rows, outputs, 1, from, ones, 1, out)
  }
  /** out += sum over the rows of z a^T */
  const addOuter = (z: Float64Array, a: Float64Array, out: Float64Array): void =>
    gemm(true, false, outputs, inputs, rows, 1, z, a, 1, out)

  return {
    forward: () => {
      applyWithBias(weights.value, bias.value, input.value, output.value)
    },
    forwardTangent: () => {
      applyWithBias(weights.tangent, bias.tangent, input.value, output.tangent)
      if (!first) apply(weights.value, input.tangent, 1, output.tangent)
    },
    backward: () => {
      if (!first) pullBack(weights.value, output.adjoint, 0, input.adjoint)
    },
    backwardTangent: () => {
      addOuter(output.adjointTangent, input.value, weights.adjointTangent)
      addColumnSums(output.adjointTangent, bias.adjointTangent)
      if (first) return
      addOuter(output.adjoint, input.tangent, weights.adjointTangent)
      pullBack(weights.value, output.adjointTangent, 0, input.adjointTangent)
      pullBack(weights.tangent, output.adjoint, 1, input.adjointTangent)
    },
    accumulate: () => {
      addOuter(output.adjoint, input.value, weights.adjoint)
      addColumnSums(output.adjoint, bias.adjoint)
    },
    perSample: perSample(kernels, layer, input, output, positions),
  }
}
